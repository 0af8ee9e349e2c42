package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.antler.lab.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What released versions have on disks, in {@code stored/VERSION}: this one must read it. Of a release that is out nothing is
 * ever written again; {@code mvn test -Dtest=StoredReleaseTest -Dantler.stored.write=true} writes those of the one being made.
 */
class StoredReleaseTest {
    private static final Member MEMBER = new Member(
            new NodeId("n1"), new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 9430), Member.Kind.VOTER);

    private static final String BEING_MADE = "0.1";
    private static final NodeId N1 = new NodeId("n1");
    private static final Epoch EPOCH = new Epoch(3);
    private static final ActorSnapshot SNAPSHOT = new ActorSnapshot(2, 17, 33, "m", ByteString.fromString("state"));

    /** One of each thing that is stored, by the name of its line in {@code values}. */
    private static Map<String, byte[]> values() {
        var values = new TreeMap<String, byte[]>();
        for (Entry entry : List.of(
                new Entry.Append(
                        "p", EPOCH, 1, List.of(event("a").encoded(), event("b").encoded())),
                new Entry.TakeOver("p", EPOCH),
                new Entry.RenewLease("p", EPOCH),
                new Entry.ReleaseLease("p", EPOCH),
                new Entry.DeleteTo("p", 7),
                new Entry.TakeSideLease("side", "n1", -1),
                new Entry.RenewSideLease("side", "n1"),
                new Entry.ReleaseSideLease("side", "n1", 5),
                new Entry.Found(new UUID(1, 2)),
                new Entry.Enlist(MEMBER, new UUID(3, 4)),
                new Entry.Dismiss(new NodeId("n1"), new UUID(3, 4)),
                new Entry.SaveSnapshot("p", 2, ByteString.fromArray(SNAPSHOT.encoded())),
                new Entry.DeleteSnapshots("p", new SnapshotCriteria(1, 2, 3, 4)))) {
            values.put("entry " + entry.getClass().getSimpleName(), entry.encoded());
        }
        values.put("event", event("a").encoded());
        values.put("history", new Histories.History(new Fence(EPOCH, 9), 4).encoded());
        values.put("side lease", new SideLeases.Holding("n1", 6).encoded());
        values.put("actor snapshot", SNAPSHOT.encoded());
        return values;
    }

    /** As this release encodes what it read. */
    private static byte[] again(String name, byte[] bytes) {
        return switch (name) {
            case "event" -> Envelope.decode(bytes).encoded();
            case "history" -> Histories.History.decode(bytes).encoded();
            case "side lease" -> SideLeases.Holding.decode(bytes).encoded();
            case "actor snapshot" -> ActorSnapshot.decode(2, bytes).encoded();
            default -> {
                Entry entry = Entry.decode(ByteBuffer.wrap(bytes));
                assertEquals(name, "entry " + entry.getClass().getSimpleName());
                yield entry.encoded();
            }
        };
    }

    private static InputStream stored(String release, String file) {
        return Objects.requireNonNull(
                StoredReleaseTest.class.getResourceAsStream("/stored/" + release + "/" + file), file);
    }

    @ParameterizedTest
    @ValueSource(strings = BEING_MADE)
    void everythingThatAReleaseStoredIsRead(String release) throws IOException {
        var seen = new TreeMap<String, byte[]>();
        try (InputStream in = stored(release, "values")) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                String name = line.substring(0, line.indexOf('='));
                byte[] bytes = HexFormat.of().parseHex(line.substring(line.indexOf('=') + 1));
                assertArrayEquals(values().get(name), again(name, bytes), name);
                seen.put(name, bytes);
            }
        }
        assertEquals(values().keySet(), seen.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = BEING_MADE)
    void theJournalOfAReleaseIsReadAndGoneOnWith(String release, @TempDir Path directory) throws IOException {
        try (var zip = new ZipInputStream(stored(release, "journal.zip"))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                Path to = directory.resolve(file.getName());
                Files.createDirectories(Objects.requireNonNull(to.getParent()));
                Files.copy(zip, to);
            }
        }
        try (var group = RaftGroup.start(settings(directory))) {
            Await.until("it leads", () -> Await.of(group.confirmedLeader()));
            Await.of(group.barrier());

            assertEquals(List.of("1:a", "2:b", "3:c"), texts(Await.of(group.events("p", 1, 9, 9))));
            assertEquals(new Fence(EPOCH, 3), group.fence("p"));
            assertEquals("n1", group.sideLease("side").holding().owner());
            assertEquals(
                    Optional.of(SNAPSHOT),
                    Await.of(group.latestSnapshot("p", new SnapshotCriteria(0, 9, 0, Long.MAX_VALUE))));
            Await.of(group.append("p", EPOCH, 4, List.of(event("d"))));
        }
    }

    /** An address that nothing else uses: it is in what is stored. */
    private static RaftSettings settings(Path directory) {
        var address = new InetSocketAddress("127.77.77.1", 9430);
        return new RaftSettings(N1, Map.of(N1, address), directory, Duration.ofMillis(400), Duration.ofSeconds(5));
    }

    @Test
    @EnabledIfSystemProperty(named = "antler.stored.write", matches = "true")
    void writeWhatTheReleaseBeingMadeStores(@TempDir Path directory) throws IOException {
        Path resources = Files.createDirectories(Path.of("src/test/resources/stored", BEING_MADE));
        var lines = new StringBuilder();
        values().forEach((name, bytes) -> lines.append(name)
                .append('=')
                .append(HexFormat.of().formatHex(bytes))
                .append('\n'));
        Files.writeString(resources.resolve("values"), lines, UTF_8);

        try (var group = RaftGroup.start(settings(directory))) {
            Await.until("it leads", () -> Await.of(group.confirmedLeader()));
            Await.of(group.append("p", Epoch.NONE, 1, List.of(event("a"))));
            Await.of(group.takeOver("p", EPOCH));
            Await.of(group.append("p", EPOCH, 2, List.of(event("b"))));
            Await.of(group.saveSnapshot("p", SNAPSHOT));
            assertTrue(Await.of(group.snapshot()));
            Await.of(group.ask(new Entry.TakeSideLease("side", "n1", -1)));
            Await.of(group.append("p", EPOCH, 3, List.of(event("c"))));
        }
        zip(directory, resources.resolve("journal.zip"));
        assertTrue(Files.size(resources.resolve("journal.zip")) < 200_000);
    }

    private static void zip(Path directory, Path to) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(to));
                Stream<Path> content = Files.walk(directory)) {
            for (Path file : content.filter(Files::isRegularFile).sorted().toList()) {
                String name = directory.relativize(file).toString();
                if (!name.matches(".*/LOG(\\.old.*)?|.*/LOCK")) {
                    zip.putNextEntry(new ZipEntry(name));
                    Files.copy(file, zip);
                }
            }
        }
    }
}
