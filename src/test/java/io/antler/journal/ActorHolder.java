package io.antler.journal;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.journal.Observation.Held;
import java.util.concurrent.CompletionStage;

/** The real {@link MastershipLease}. */
record ActorHolder(ActorTestKit kit, LeaseTerms terms) implements LeaseHolder {
    @Override
    public Runnable hold(Client client, Peer peer, String persistenceId, long epoch, Runnable refused) {
        ActorRef<MastershipLease.Event> owner = kit.spawn(Behaviors.receiveMessage(event -> {
            switch (event) {
                case MastershipLease.Held(long until) ->
                    client.chronicle()
                            .add(new Held(
                                    peer.node().value(),
                                    persistenceId,
                                    epoch,
                                    peer.trueTime(until - terms.length().toNanos()),
                                    peer.trueTime(until)));
                case MastershipLease.Refused _ -> refused.run();
                case MastershipLease.Lapsed _ -> {}
            }
            return Behaviors.same();
        }));
        ActorRef<MastershipLease.Command> lease =
                kit.spawn(MastershipLease.create(() -> renewal(peer, persistenceId, epoch), terms, peer::now, owner));
        return () -> {
            lease.tell(new MastershipLease.Stop());
            kit.stop(owner);
        };
    }

    private static CompletionStage<Done> renewal(Peer peer, String persistenceId, long epoch) {
        return peer.ask(new Request.Renew(persistenceId, epoch)).thenApply(answer -> switch (answer) {
            case Answer.Renewed _ -> Done.getInstance();
            case Answer.Refused(long current) -> throw new EpochRefused(new Epoch(epoch), new Epoch(current));
            case Answer other -> throw new OutcomeNotKnown(other.toString());
        });
    }
}
