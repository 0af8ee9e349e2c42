package io.antler.journal;

import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that this node belongs: the first leader founds the cluster, each node has itself recorded, one that joins
 * asks until it is taken in, and one that was removed notices. A thread of its own, which looks a few times a second.
 */
final class Enrolment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int PATIENCE =
            15; // intervals without another node as leader, until it is asked whether we belong

    private final RaftSettings settings;
    private final Identity identity;
    private final Replica replica;
    private final RaftPeer peer;
    private final CompletableFuture<JournalUnusable> unusable = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Thread thread;
    private final Map<InetSocketAddress, String> refusals = new ConcurrentHashMap<>();
    private int alone;
    private final Map<InetSocketAddress, String> said = new HashMap<>();
    private String lastDifference = "";
    private int differing;

    private Enrolment(RaftSettings settings, Identity identity, Replica replica, RaftPeer peer) {
        this.settings = settings;
        this.identity = identity;
        this.replica = replica;
        this.peer = peer;
        this.thread = Threads.daemon("antler-enrolment").newThread(this::run);
    }

    static Enrolment start(RaftSettings settings, Identity identity, Replica replica, RaftPeer peer) {
        var enrolment = new Enrolment(settings, identity, replica, peer);
        peer.onRefusal(enrolment::refused);
        enrolment.thread.start();
        return enrolment;
    }

    /** Called once, when this node must end and not start again before a person acted. */
    void onUnusable(Consumer<JournalUnusable> listener) {
        var _ = unusable.thenAccept(listener);
    }

    private void run() {
        try {
            do {
                look();
                pause();
            } while (!unusable.isDone());
        } catch (Closed e) {
            LOG.debug("node={} sees to its membership no longer", settings.self());
        } catch (JournalUnusable e) {
            end(e);
        } catch (RuntimeException e) {
            end(new JournalUnusable("This node cannot see to its membership: " + e.getMessage(), e));
        }
    }

    private void end(JournalUnusable reason) {
        if (closed.isDone()) {
            LOG.debug("node={} was closed meanwhile", settings.self(), reason); // what it needed is gone
        } else {
            unusable.complete(reason);
        }
    }

    /** This is closed: the thread ends. It is not interrupted, which would break off what it writes to files. */
    private static final class Closed extends Exception {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("", null, false, false);
        }
    }

    private void pause() throws Closed {
        try {
            closed.get(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            throw new Closed();
        } catch (TimeoutException e) { // go on
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("nobody does that", e);
        }
    }

    /** The connection to that address has come to nothing because one of the two sides does not admit the other. */
    void refused(InetSocketAddress by, String sentence) {
        LOG.warn("node={} no connection with {}:{}: {}", settings.self(), by.getHostString(), by.getPort(), sentence);
        refusals.put(by, sentence);
    }

    private void look() throws Closed {
        found();
        boolean led =
                peer.leader().filter(leader -> !leader.equals(settings.self())).isPresent();
        alone = led ? 0 : alone + 1;
        if (alone > PATIENCE) {
            judge();
        }
        if (identity.state() == Identity.State.ASKING) {
            ask(false);
        } else if (led && belongs()) {
            compare();
        } else if (!belongs() || (alone > PATIENCE && alone % PATIENCE == 0 && replica.leaderTerm() == 0)) {
            ask(true);
        }
    }

    /** What is configured says only whom to ask first, so a difference harms nothing until too few of them are left. */
    private void compare() {
        Set<String> present = voters(peer.book().members(peer.configuration()));
        Set<String> configured = voters(settings.members().entrySet().stream()
                .map(each -> new Member(each.getKey(), each.getValue(), Member.Kind.VOTER))
                .toList());
        String difference =
                present.equals(configured) ? "" : "antler.nodes has " + configured + ", the voters are " + present;
        if (!difference.equals(lastDifference)) {
            lastDifference = difference;
            differing = 0;
        } else if (!difference.isEmpty()) {
            differing++;
            if (differing == PATIENCE) { // a replacement is out for a moment only
                LOG.warn("node={} {}: write the same into antler.nodes when convenient", settings.self(), difference);
            }
        }
    }

    private static Set<String> voters(List<Member> members) {
        return members.stream()
                .filter(Member::votes)
                .map(Member::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** One stranger at one address proves nothing. But whom more than half of the others do not admit is in the wrong place. */
    private void judge() {
        List<InetSocketAddress> others = peer.book().contacts(peer.configuration());
        List<String> sentences = others.stream()
                .map(refusals::get)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (others.stream().filter(refusals::containsKey).count() > others.size() / 2) {
            throw new JournalUnusable(
                    "This node is not admitted by most of the others: " + String.join("; ", sentences) + ".", null);
        }
    }

    /** The first leader does; a second proposal changes nothing. */
    private void found() throws Closed {
        if (replica.leaderTerm() != 0 && replica.members().cluster().isEmpty()) {
            var entry = new Entry.Found(UUID.randomUUID());
            await(peer.lead(new Call.Propose(ByteString.fromArrayUnsafe(entry.encoded()))));
            replica.members().cluster().ifPresent(id -> LOG.info("cluster={} founded", id));
        }
    }

    /** By this replica, which may be behind. */
    boolean belongs() {
        Optional<Members.Enlisted> recorded = replica.members().of(settings.self());
        Optional<UUID> cluster = replica.members().cluster();
        if (recorded.isEmpty()
                || cluster.isEmpty()
                || !recorded.get().incarnation().equals(identity.incarnation())) {
            return false;
        }
        if (recorded.get().dismissed()) {
            throw removed();
        }
        identity.enlisted(cluster.get());
        var configuration = peer.configuration();
        var self = AddressBook.peer(settings.address());
        return configuration.contains(self) || configuration.getLearners().contains(self);
    }

    private JournalUnusable removed() {
        identity.removed();
        return new JournalUnusable(AdmissionRule.removed(settings.self()) + ".", null);
    }

    private void ask(boolean ready) throws Closed {
        var call = new Call.Join(
                settings.own(),
                identity.incarnation(),
                identity.cluster(),
                settings.joining() || !settings.own().votes(),
                ready,
                false);
        if (replica.leaderTerm() != 0) {
            heed(settings.address(), await(peer.lead(call)));
            return;
        }
        for (InetSocketAddress other : peer.book().contacts(peer.configuration())) {
            if (heed(other, await(peer.ask(other, call, settings.timeout())))) {
                return;
            }
        }
    }

    /** @return whether nobody else needs to be asked now */
    private boolean heed(InetSocketAddress from, Reply reply) {
        return switch (reply) {
            case Reply.Done done -> {
                refusals.remove(from);
                welcomed(Welcome.decode(done.result()));
                yield true;
            }
            case Reply.Refused refused
            when refused.foreign() -> {
                refused(from, refused.reason());
                yield false;
            }
            case Reply.Refused refused
            when refused.reason().equals(AdmissionRule.removed(settings.self())) -> throw removed();
            case Reply.Refused refused -> throw new JournalUnusable(refused.reason() + ".", null);
            case Reply.TryAgain again -> {
                say(from, again.reason());
                yield false;
            }
            case Reply.Full full -> {
                say(from, full.reason());
                yield false;
            }
            case Reply.TooLarge large -> throw large.exception();
        };
    }

    private void welcomed(Welcome welcome) {
        if (identity.state() == Identity.State.ASKING) {
            identity.enlisted(welcome.cluster());
            LOG.info("node={} recorded as a member of cluster {}", settings.self(), welcome.cluster());
            peer.begin(List.of());
        }
        if (welcome.member()) {
            said.clear();
        }
    }

    /** The same once only: it is asked again five times a second. */
    private void say(InetSocketAddress from, String reason) {
        if (!reason.equals(said.put(from, reason))) {
            LOG.info("node={} not settled in its group yet: {}", settings.self(), reason);
        }
    }

    private Reply await(CompletableFuture<Reply> reply) throws Closed {
        try {
            CompletableFuture.anyOf(reply, closed).get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (closed.isDone()) {
                throw new Closed();
            }
            return reply.join();
        } catch (ExecutionException e) {
            return new Reply.TryAgain(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            return new Reply.TryAgain("no answer within " + settings.timeout().toMillis() + " ms");
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Does not wait: what is under way ends with the transport. */
    @Override
    public void close() {
        closed.complete(null);
    }
}
