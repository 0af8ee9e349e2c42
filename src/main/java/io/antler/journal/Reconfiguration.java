package io.antler.journal;

import akka.util.ByteString;
import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import io.antler.journal.Members.Enlisted;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does when a node asks to belong, or is to be removed. Each step looks at what holds already, so the
 * same call may be repeated, to the next leader, too, until it is done. Blocks; for one thread.
 *
 * <p>The order keeps a lost directory from voting again under its old name: the old life leaves Raft's configuration,
 * then the table; only then the new life is recorded, and only after that its peer starts and is added.
 */
final class Reconfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(Reconfiguration.class);
    private static final String CLOSED = "the journal of this node is closed";

    private final RaftPeer peer;
    private final Members members;
    private final RaftSettings settings;
    private final NodeId self;
    private final Duration timeout;

    Reconfiguration(RaftPeer peer, Members members, RaftSettings settings) {
        this.peer = peer;
        this.members = members;
        this.settings = settings;
        this.self = settings.self();
        this.timeout = settings.timeout();
    }

    /** Ends the procedure with this answer. */
    private static final class Answered extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Reply reply;

        Answered(Reply reply) {
            super("", null, false, false);
            this.reply = reply;
        }
    }

    private static Answered refused(String reason) {
        return new Answered(new Reply.Refused(false, reason));
    }

    private static Answered again(String reason) {
        return new Answered(new Reply.TryAgain(reason));
    }

    Reply run(Call.Join call) {
        try {
            confirmLeader();
            return new Reply.Done(join(call).encoded());
        } catch (Answered answered) {
            return answered.reply;
        }
    }

    Reply run(Call.Remove call) {
        try {
            confirmLeader();
            remove(call.node());
            return new Reply.Done(ByteString.emptyByteString());
        } catch (Answered answered) {
            return answered.reply;
        }
    }

    /** What is refused for good must not be judged by an old table. */
    private void confirmLeader() throws Answered {
        if (!(await(peer.readIndex(timeout), "leadership not confirmed") instanceof Reply.Done)) {
            throw again("leadership not confirmed");
        }
    }

    private Welcome join(Call.Join call) throws Answered {
        NodeId node = call.member().node();
        UUID cluster = members.cluster().orElseThrow(() -> again("this cluster is being founded"));
        if (call.cluster().isPresent() && !call.cluster().get().equals(cluster)) {
            throw new Answered(new Reply.Refused(
                    true, AdmissionRule.foreign(node, call.cluster().get(), self, cluster)));
        }
        Optional<Enlisted> recorded = members.of(node);
        if (recorded.isEmpty() || !recorded.get().is(node, call.incarnation())) {
            makeRoom(call, recorded);
            propose(new Entry.Enlist(call.member(), call.incarnation()));
            LOG.info("node={} {} is recorded as a member", node, call.member());
        } else if (!recorded.get().member().equals(call.member())) {
            throw refused(node + " is recorded as " + recorded.get().member() + " and not as " + call.member()
                    + ". To change name, address or kind: antler remove " + node
                    + ", then antler node --join with an empty directory");
        }
        return new Welcome(cluster, added(call));
    }

    /** Returns when this life may be recorded. */
    private void makeRoom(Call.Join call, Optional<Enlisted> recorded) throws Answered {
        Member member = call.member();
        PeerId address = AddressBook.peer(member.address());
        Optional<Enlisted> there = members.at(member.address());
        if (recorded.isPresent() && recorded.get().incarnation().equals(call.incarnation())) {
            throw refused(AdmissionRule.removed(member.node()));
        }
        if (there.isPresent() && !there.get().member().node().equals(member.node())) {
            throw refused(member.node() + " has the address of " + there.get().member()
                    + ", which is a member: give it another one, or first antler remove "
                    + there.get().member().node());
        }
        boolean founder =
                recorded.isEmpty() && there.isEmpty() && peer.configuration().contains(address);
        if (founder && !call.joining()) {
            return;
        }
        if (!call.joining() && member.votes()) {
            throw refused(
                    recorded.isEmpty()
                            ? AdmissionRule.unknownNode(member.node())
                            : recorded.get().dismissed()
                                    ? AdmissionRule.removed(member.node())
                                    : AdmissionRule.otherLife(member.node()));
        }
        if (recorded.isPresent() && !recorded.get().dismissed()) {
            replace(member, recorded.get());
        } else if (in(peer.configuration(), address)) {
            refuseWhileHeard(member, address);
            takeOut(member.node(), address);
        }
        if (member.votes()) {
            requireMajority(
                    peer.configuration().getPeers().size() + 1, alive(address).size() + 1, "Not added: " + member);
        }
    }

    private void replace(Member member, Enlisted old) throws Answered {
        PeerId there = AddressBook.peer(old.member().address());
        refuseWhileHeard(member, there);
        LOG.info("node={} its former life is removed, a new one takes its place", member.node());
        takeOut(member.node(), there);
        propose(new Entry.Dismiss(member.node(), old.incarnation()));
    }

    /** Where the one that asks has the same address, the former one cannot be there any more, but was a moment ago. */
    private void refuseWhileHeard(Member member, PeerId old) throws Answered {
        if (!heard(old)) {
            return;
        }
        throw AddressBook.peer(member.address()).equals(old)
                ? again("the former " + member.node() + " was still heard a moment ago")
                : refused(member.node() + " runs at " + old + ": give this node another antler.node.id, or first antler"
                        + " remove " + member.node());
    }

    private boolean heard(PeerId peerId) throws Answered {
        listen();
        Node node = node();
        try {
            return node.listAlivePeers().contains(peerId)
                    || node.listAliveLearners().contains(peerId);
        } catch (IllegalStateException e) {
            throw again("this node leads no longer");
        }
    }

    /** Who died just before the question still counts as heard; after an election timeout no longer. */
    private void listen() throws Answered {
        try {
            Thread.sleep(settings.electionTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw again(CLOSED);
        }
    }

    /** Voters that were heard of within the leader's lease, without that one. */
    private List<PeerId> alive(PeerId without) throws Answered {
        listen();
        try {
            return node().listAlivePeers().stream()
                    .filter(each -> !each.equals(without))
                    .toList();
        } catch (IllegalStateException e) {
            throw again("this node leads no longer");
        }
    }

    private static void requireMajority(int voters, int alive, String what) throws Answered {
        if (alive < voters / 2 + 1) {
            throw refused(what + ", because only " + alive + " of then " + voters
                    + " voters were heard: no majority. Bring the others up first (antler list)");
        }
    }

    private boolean added(Call.Join call) throws Answered {
        PeerId address = AddressBook.peer(call.member().address());
        Configuration configuration = peer.configuration();
        boolean there = call.member().votes()
                ? configuration.contains(address)
                : configuration.getLearners().contains(address);
        if (there || !call.ready()) {
            return there;
        }
        if (call.member().votes()) {
            change(call.member() + " not added", done -> node().addPeer(address, done));
        } else {
            change(call.member() + " not added", done -> node().addLearners(List.of(address), done));
        }
        LOG.info("node={} {} was added to the group", call.member().node(), call.member());
        return true;
    }

    private void remove(NodeId node) throws Answered {
        Optional<Enlisted> recorded = members.of(node);
        Optional<PeerId> address = recorded.map(each -> each.member().address())
                .or(() -> peer.book().address(node))
                .filter(each -> belongsTo(node, each))
                .map(AddressBook::peer)
                .filter(each -> in(peer.configuration(), each));
        if (recorded.isEmpty() && address.isEmpty()) {
            throw refused("Not removed: " + node + " is not a member. Members: "
                    + peer.book().members(peer.configuration()));
        }
        if (address.isPresent()) {
            takeOut(node, address.get());
        }
        if (recorded.isPresent() && !recorded.get().dismissed()) {
            propose(new Entry.Dismiss(node, recorded.get().incarnation()));
        }
        LOG.info("node={} is no longer a member", node);
    }

    /** A removed node's address may be another one's by now. */
    private boolean belongsTo(NodeId node, InetSocketAddress address) {
        return peer.book().node(address).map(node::equals).orElse(true);
    }

    private static boolean in(Configuration configuration, PeerId address) {
        return configuration.contains(address) || configuration.getLearners().contains(address);
    }

    private void takeOut(NodeId node, PeerId address) throws Answered {
        Configuration configuration = peer.configuration();
        if (configuration.getLearners().contains(address)) {
            change(node + " not removed", done -> node().removeLearners(List.of(address), done));
        } else if (configuration.contains(address)) {
            int remaining = configuration.getPeers().size() - 1;
            List<PeerId> alive = alive(address);
            if (remaining == 0) {
                throw refused("Not removed: " + node + " is the last one that votes");
            }
            requireMajority(remaining, alive.size(), "Not removed: " + node);
            if (node.equals(self)) {
                node().transferLeadershipTo(alive.getFirst());
                throw again("the leadership moves off " + node + " first");
            }
            change(node + " not removed", done -> node().removePeer(address, done));
        }
    }

    private interface Step {
        void start(Closure done) throws Answered;
    }

    private void change(String failure, Step step) throws Answered {
        var ended = new CompletableFuture<Reply>();
        try {
            step.start(status -> ended.complete(
                    status.isOk()
                            ? new Reply.Done(ByteString.emptyByteString())
                            : new Reply.TryAgain(failure + ": " + status.getErrorMsg())));
        } catch (IllegalArgumentException e) {
            throw again(failure + ": " + e.getMessage()); // changed meanwhile
        }
        if (!(await(ended, failure) instanceof Reply.Done)) {
            throw again(await(ended, failure) instanceof Reply.TryAgain last ? last.reason() : failure);
        }
    }

    private void propose(Entry.OfMembers entry) throws Answered {
        Reply reply = await(peer.lead(new Call.Propose(ByteString.fromArrayUnsafe(entry.encoded()))), "not confirmed");
        switch (reply) {
            case Reply.Done done
            when Applied.decode(done.result()).outcome() instanceof Members.Otherwise(String reason) ->
                throw again(reason); // changed meanwhile: looked at anew
            case Reply.Done _ -> {}
            case Reply.TryAgain _, Reply.Refused _, Reply.Full _, Reply.TooLarge _ -> throw new Answered(reply);
        }
    }

    private Node node() throws Answered {
        return peer.node().orElseThrow(() -> again("the journal of this node is starting or stopping"));
    }

    private Reply await(CompletableFuture<Reply> reply, String failure) throws Answered {
        try {
            return reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw again(CLOSED);
        } catch (ExecutionException | TimeoutException e) {
            throw again(failure + " within " + timeout.toMillis() + " ms");
        }
    }
}
