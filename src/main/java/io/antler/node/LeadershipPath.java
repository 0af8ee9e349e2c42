package io.antler.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.singleton.ClusterSingletonProxy;
import akka.cluster.singleton.ClusterSingletonProxySettings;
import io.antler.leadership.ClusterView;
import io.antler.leadership.Leadership;
import java.time.Duration;

/**
 * The way to Leadership, wherever it runs. Akka's proxy looks for a singleton again only when its node has left the cluster;
 * but it begins anew on the same node, too, when its side lease was lost, as it is while no majority can store anything. So
 * a proxy through which nobody answers any more is replaced. What it still had is lost; reports come again by themselves.
 */
final class LeadershipPath extends AbstractOnMessageBehavior<LeadershipPath.Message> {
    static final String SINGLETON = "leadership";
    static final Duration LOOK = Duration.ofSeconds(1);
    private static final int PATIENCE = 3; // looks without an answer

    sealed interface Message {}

    private record Forward(Leadership.Command command) implements Message {}

    private record Look() implements Message {}

    private record Answered() implements Message {}

    /** Makes a child of the actor. */
    interface Proxies {
        ActorRef<Leadership.Command> next(ActorContext<?> parent, int number);
    }

    private final ActorContext<Message> context;
    private final Proxies proxies;
    private final ActorRef<ClusterView> answers;
    private ActorRef<Leadership.Command> proxy;
    private int number = 1;
    private int unanswered;

    private LeadershipPath(ActorContext<Message> context, Proxies proxies) {
        super(context);
        this.context = context;
        context.setLoggerName(LeadershipPath.class);
        this.proxies = proxies;
        this.answers = context.messageAdapter(ClusterView.class, _ -> new Answered());
        this.proxy = proxies.next(context, number);
    }

    static Behavior<Leadership.Command> create(Proxies proxies, Duration look) {
        Behavior<Message> path = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Look(), look);
            return new LeadershipPath(context, proxies);
        }));
        return Behaviors.transformMessages(
                Leadership.Command.class, path, match -> match.match(Leadership.Command.class, Forward::new));
    }

    /** Akka's own, of the singleton that {@link akka.cluster.typed.ClusterSingleton} has started under this name. */
    static ActorRef<Leadership.Command> akkaProxy(ActorContext<?> parent, int number) {
        var settings = ClusterSingletonProxySettings.create(parent.getSystem().classicSystem())
                .withSingletonName(SINGLETON)
                .withRole(AkkaConfig.VOTER);
        return Adapter.toTyped(Adapter.actorOf(
                parent,
                ClusterSingletonProxy.props("/system/singletonManager" + SINGLETON, settings),
                "proxy-" + number));
    }

    @Override
    public Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Forward forward -> proxy.tell(forward.command());
            case Answered _ -> unanswered = 0;
            case Look _ -> look();
        }
        return this;
    }

    private void look() {
        if (unanswered >= PATIENCE) {
            context.getLog().debug("nobody answers for Leadership: looking for it again");
            context.stop(proxy);
            proxy = proxies.next(context, ++number);
            unanswered = 0;
        }
        unanswered++;
        proxy.tell(new Leadership.GetView(answers));
    }
}
