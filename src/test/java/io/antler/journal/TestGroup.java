package io.antler.journal;

import akka.util.ByteString;
import io.antler.journal.transport.Security;
import io.antler.lab.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** A real Raft group on loopback, all of its peers in this JVM. */
final class TestGroup implements AutoCloseable {
    private static final Duration ELECTION = Duration.ofMillis(400);

    private final Path directory;
    private final Map<NodeId, InetSocketAddress> members = new TreeMap<>();
    private final Map<NodeId, RaftGroup> running = new TreeMap<>();

    private final LongSupplier clock;
    private final Map<NodeId, Runnable> hindrances = new ConcurrentHashMap<>();
    private DiskSettings disk = DiskSettings.DEFAULT;

    private TestGroup(Path directory, int size, LongSupplier clock) {
        this.directory = directory;
        this.clock = clock;
        IntStream.rangeClosed(1, size).forEach(i -> members.put(new NodeId("n" + i), freeAddress()));
    }

    /** None of them started. */
    static TestGroup of(Path directory, int size, LongSupplier clock) {
        return new TestGroup(directory, size, clock);
    }

    /** Without peers. */
    static TestGroup none() {
        return new TestGroup(Path.of(""), 0, System::nanoTime);
    }

    static TestGroup start(Path directory, int size) {
        return of(directory, size, System::nanoTime).startAll();
    }

    static InetSocketAddress freeAddress() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    RaftSettings settings(NodeId node) {
        return settings(node, node.value()).with(disk);
    }

    /** For peers that start from now on. */
    TestGroup on(DiskSettings otherDisk) {
        disk = otherDisk;
        return this;
    }

    /** From now on a part of each synced write of this peer. */
    void hinder(NodeId node, Runnable hindrance) {
        hindrances.put(node, hindrance);
    }

    TestGroup startAll() {
        members.keySet().forEach(this::start);
        awaitLeader();
        return this;
    }

    /** A member with another directory than its own. */
    RaftSettings settings(NodeId node, String directoryName) {
        return new RaftSettings(node, members, directory.resolve(directoryName), ELECTION, Duration.ofSeconds(5));
    }

    /** Another group of the same names at the same addresses. */
    TestGroup twin(Path itsDirectory) {
        var twin = new TestGroup(itsDirectory, 0, clock);
        twin.members.putAll(members);
        return twin;
    }

    RaftGroup start(NodeId node) {
        return start(settings(node));
    }

    /** A node that those who founded the group do not know, or one with another directory. */
    RaftSettings newcomer(NodeId node, Member.Kind kind, String directoryName, InetSocketAddress address) {
        return new RaftSettings(
                new Member(node, address, kind),
                members,
                directory.resolve(directoryName),
                ELECTION,
                Duration.ofSeconds(5),
                new Security.Plain(),
                kind == Member.Kind.VOTER);
    }

    InetSocketAddress address(NodeId node) {
        return java.util.Objects.requireNonNull(members.get(node));
    }

    RaftGroup start(RaftSettings settings) {
        Runnable hindrance =
                () -> hindrances.getOrDefault(settings.self(), () -> {}).run();
        RaftGroup started =
                RaftGroup.start(settings, clock, RaftPeer.network(settings), new SimpleMeterRegistry(), hindrance);
        running.put(settings.self(), started);
        return started;
    }

    /** Every running node has it that these are the members. */
    void awaitMembers(String... members) {
        List<String> expected = List.of(members);
        Await.until("the members " + expected, () -> running().stream().allMatch(group -> group.members().stream()
                .map(member -> member.node() + (member.votes() ? "" : "*"))
                .toList()
                .equals(expected)));
    }

    /** The founders have themselves recorded. */
    void awaitRecorded() {
        Await.until("all are recorded", () -> running().stream().allMatch(RaftGroup::enrolled));
    }

    void stop(NodeId node) {
        RaftGroup stopped = running.remove(node);
        if (stopped != null) {
            stopped.close();
        }
    }

    /** What happens to a node that lost its disk; with a real one only while all others are up. */
    void loseDirectory(NodeId node) {
        try {
            Folders.delete(settings(node).directory());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<RaftGroup> running() {
        return List.copyOf(running.values());
    }

    RaftGroup get(NodeId node) {
        return running().stream()
                .filter(group -> group.self().equals(node))
                .findAny()
                .orElseThrow();
    }

    RaftGroup awaitLeader() {
        Await.until(
                "a confirmed leader", () -> running().stream().anyMatch(group -> Await.of(group.confirmedLeader())));
        return running().stream()
                .filter(group -> Await.of(group.confirmedLeader()))
                .findAny()
                .orElseGet(this::awaitLeader);
    }

    RaftGroup follower() {
        NodeId leader = awaitLeader().self();
        return running().stream()
                .filter(group -> !group.self().equals(leader))
                .findFirst()
                .orElseThrow();
    }

    static Envelope event(String text) {
        return new Envelope(1, "text", "", "writer", 17, ByteString.fromString(text));
    }

    static List<String> texts(List<StoredEvent> events) {
        return events.stream()
                .map(event ->
                        event.sequenceNr() + ":" + event.envelope().payload().utf8String())
                .toList();
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }
}
