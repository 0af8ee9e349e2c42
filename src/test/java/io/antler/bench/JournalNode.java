package io.antler.bench;

import static java.util.Map.entry;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SpawnProtocol;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.ConfigFactory;
import io.antler.bench.raw.Console;
import io.antler.bench.raw.Load;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.journal.OutcomeNotKnown;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftSettings;
import io.antler.journal.RaftSetup;
import io.antler.journal.transport.Security;
import io.antler.metalogger.Changes;
import io.antler.metalogger.ChangesWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * One node with the journal and an actor system, without the rest of Antler. Arguments: directory, number of this node
 * from 0, election timeout in milliseconds, ports of all nodes on loopback.
 */
final class JournalNode {
    /** Property: the directory with the certificates; not set: plain. */
    static final String CERTIFICATES = "antler.bench.certificates";

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final int EVENTS_AT_ONCE = 1000;
    private static final int BALLAST = 512 << 10;
    private static final double NANOS_OF_SECOND = 1e9;

    private final RaftGroup raft;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final Map<Integer, ActorRef<Notes.Note>> lanes = new LinkedHashMap<>();

    private JournalNode(RaftGroup raft) {
        this.raft = raft;
        var config = ConfigFactory.parseString("akka.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("antler-akka.conf"))
                .withFallback(ConfigFactory.load())
                .resolve();
        this.system = ActorSystem.create(
                SpawnProtocol.create(),
                "bench",
                ActorSystemSetup.create(BootstrapSetup.create(config), new RaftSetup(raft)));
    }

    public static void main(String[] arguments) throws IOException {
        Map<NodeId, InetSocketAddress> members = new LinkedHashMap<>();
        for (int i = 3; i < arguments.length; i++) {
            members.put(
                    id(i - 3), new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[i])));
        }
        NodeId self = id(Integer.parseInt(arguments[1]));
        var node = new JournalNode(RaftGroup.start(new RaftSettings(
                self,
                members,
                Path.of(arguments[0]),
                Duration.ofMillis(Long.parseLong(arguments[2])),
                Duration.ofSeconds(5),
                security(self))));
        Console.serve(node.commands());
        node.system.terminate();
        node.raft.close();
        Runtime.getRuntime().halt(0);
    }

    private static Security security(NodeId self) {
        String directory = System.getProperty(CERTIFICATES);
        if (directory == null) {
            return new Security.Plain();
        }
        Path files = Path.of(directory);
        return new Security.MutualTls(
                files.resolve(self + ".crt"), files.resolve(self + ".key"), files.resolve("ca.crt"));
    }

    static NodeId id(int number) {
        return new NodeId("n" + (number + 1));
    }

    private Map<String, Console.Command> commands() {
        return Map.ofEntries(
                entry("leader", _ -> String.valueOf(leads())),
                entry("up-to-date", _ -> upToDate()),
                entry("alone", words -> leading(Load.alone(lane(0), millis(words[0])))),
                entry("together", words -> leading(Load.together(lanes(words[0]), millis(words[1])))),
                entry("append", words -> leading(Load.together(lanes(words[0]), Long.parseLong(words[1])))),
                entry("fill", words -> fill(words[0], Integer.parseInt(words[1]))),
                entry("recover", words -> recover(words[0])),
                entry("ballast", words -> leading(grow(Long.parseLong(words[0])))),
                entry("snapshot", _ -> snapshot()),
                entry("lines", words -> lines(Long.parseLong(words[0]), millis(words[1]))),
                entry("replay", _ -> new Feed(system).read()),
                entry("memory", _ -> Memory.afterCollection()));
    }

    private boolean leads() throws ExecutionException, InterruptedException, TimeoutException {
        return of(raft.confirmedLeader());
    }

    /** Returns when this node has applied all that was committed when it was asked. */
    private String upToDate() throws ExecutionException, InterruptedException, TimeoutException {
        long start = System.nanoTime();
        while (true) {
            try {
                of(raft.barrier());
                return "seconds=%.3f".formatted((System.nanoTime() - start) / NANOS_OF_SECOND);
            } catch (ExecutionException e) {
                boolean wait = e.getCause() instanceof OutcomeNotKnown // it is being given a snapshot
                        && System.nanoTime() - start < LIMIT.toNanos();
                if (!wait) {
                    throw e;
                }
            }
        }
    }

    /** What was measured, if this node led until its end. */
    private String leading(String result) throws ExecutionException, InterruptedException, TimeoutException {
        if (!leads()) {
            throw new Console.NotLeader(raft.self() + " leads no longer");
        }
        return result;
    }

    private List<Load.Lane> lanes(String count) {
        return IntStream.range(0, Integer.parseInt(count)).mapToObj(this::lane).toList();
    }

    /** Each lane is a persistent actor of its own. */
    private Load.Lane lane(int number) {
        ActorRef<Notes.Note> actor = lanes.computeIfAbsent(number, _ -> notes(raft.self() + "-" + number));
        return callback -> actor.tell(Notes.Note.small(1, callback));
    }

    private ActorRef<Notes.Note> notes(String id) {
        var recovered = new CompletableFuture<Long>();
        ActorRef<Notes.Note> actor = spawn(Notes.create(id, recovered));
        recovered.join();
        return actor;
    }

    private <T> ActorRef<T> spawn(Behavior<T> behavior) {
        return AskPattern.<SpawnProtocol.Command, ActorRef<T>>ask(
                        system,
                        replyTo -> new SpawnProtocol.Spawn<>(behavior, "", Props.empty(), replyTo),
                        Duration.ofSeconds(5),
                        system.scheduler())
                .toCompletableFuture()
                .join();
    }

    private String fill(String id, int events) throws InterruptedException {
        ActorRef<Notes.Note> actor = notes(id);
        return Load.together(
                List.of((Load.Lane) callback -> actor.tell(Notes.Note.small(EVENTS_AT_ONCE, callback))),
                events / EVENTS_AT_ONCE);
    }

    /** Events of random letters, which no compression makes much smaller. */
    private String grow(long bytes) throws InterruptedException {
        ActorRef<Notes.Note> actor = notes("ballast");
        var random = new Random(1);
        Load.Lane lane =
                callback -> actor.tell(new Notes.Note(List.of(new Notes.Noted(letters(random, BALLAST))), callback));
        return Load.together(List.of(lane), Math.ceilDiv(bytes, BALLAST));
    }

    private static String letters(Random random, int length) {
        byte[] bytes = new byte[length / 4 * 3];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private String snapshot() throws ExecutionException, InterruptedException, TimeoutException {
        return "made=" + (of(raft.snapshot()) ? 1 : 0); // else it has just made one by itself
    }

    private String recover(String id) throws ExecutionException, InterruptedException, TimeoutException {
        long start = System.nanoTime();
        var recovered = new CompletableFuture<Long>();
        var _ = spawn(Notes.create(id, recovered));
        long events = of(recovered);
        double seconds = (System.nanoTime() - start) / NANOS_OF_SECOND;
        return "events=%d seconds=%.3f rate=%.0f".formatted(events, seconds, events / seconds);
    }

    private String lines(long epoch, Duration length)
            throws ExecutionException, InterruptedException, TimeoutException {
        of(raft.takeOver(Changes.PERSISTENCE_ID, new Epoch(epoch)));
        return new Feed(system).write(spawn(ChangesWriter.create(new Epoch(epoch), 0)), 0, length);
    }

    private static Duration millis(String word) {
        return Duration.ofMillis(Long.parseLong(word));
    }

    private static <T> T of(CompletionStage<T> stage)
            throws ExecutionException, InterruptedException, TimeoutException {
        return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
