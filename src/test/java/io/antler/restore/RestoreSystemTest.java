package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.antler.cli.Antler;
import io.antler.collector.NodeListing;
import io.antler.lab.SystemTest;
import io.antler.moosefs.Change;
import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.StockProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The night after a master's host died: what is left of a real file system in several places, one command, and a stock
 * master and mount on what it makes. The bad sector is a file that ends there: there is no disk here that could refuse to
 * be read; {@code ChangelogReaderTest} has one that does.
 */
@SystemTest
class RestoreSystemTest {
    /** Changes after the image. */
    private static final long LATER = 180;

    private static final String ADDS_DIRECTORY = "|CREATE(1,directory";

    private static List<Change> changes = List.of();
    private static byte[] image = {};
    private static long first;

    private final Path directory;

    RestoreSystemTest(@TempDir Path directory) throws IOException {
        StockMaster.allowEntry(directory);
        this.directory = directory;
    }

    @BeforeAll
    static void makeAFileSystem(@TempDir Path directory) throws Exception {
        StockMaster source = StockMaster.make(directory);
        changes = laterFrom(source.imageVersion() + LATER, source.changes());
        image = Files.readAllBytes(source.image());
        first = source.imageVersion();
    }

    /** As if a minute had passed in the middle. */
    private static List<Change> laterFrom(long version, List<Change> changes) {
        return changes.stream()
                .map(change -> change.version() < version
                        ? change
                        : new Change(
                                change.version(),
                                seconds(change)
                                        + 60
                                        + change.text().substring(change.text().indexOf('|'))))
                .toList();
    }

    /** @param to version of the first one not in it */
    private static byte[] lines(long from, long to) {
        return changes.stream()
                .filter(change -> change.version() >= from && change.version() < to)
                .map(change -> change.line() + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long end() {
        return changes.getLast().version() + 1;
    }

    private void put(String name, byte[]... parts) throws IOException {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }

    private static byte[] half(long version) {
        byte[] line = lines(version, version + 1);
        return Arrays.copyOf(line, line.length / 2);
    }

    private record Result(int code, String out) {}

    private Result restore(Path to, String... options) throws Exception {
        return antler(to, "restore", options);
    }

    private Result antler(Path to, String command, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Antler.class.getName()));
        line.addAll(List.of(command.split(" ", -1)));
        line.addAll(List.of("--to", to.toString(), "--from"));
        try (Stream<Path> sources = Files.list(directory)) {
            sources.filter(path -> path.getFileName().toString().endsWith("-host"))
                    .forEach(path -> line.add(path.toString()));
        }
        line.addAll(List.of(options));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(out);
        return new Result(process.waitFor(), out);
    }

    /** A metalogger with a hole and half a line, a chunkserver with older copies, and a disk with a bad sector. */
    private void theClassicNight() throws IOException {
        long end = end();
        put("metalogger-host/metadata_ml.mfs.back", image);
        put("metalogger-host/changelog_ml.1.mfs", lines(first, first + 100), lines(first + 150, first + 200));
        put("metalogger-host/changelog_ml.0.mfs", lines(first + 200, end - 40), half(end - 40));
        put("metalogger-host/stats.mfs", new byte[100]);
        put("chunkserver-host/changelog.2.mfs.gz", Compressed.with(Compression.GZIP, lines(first + 90, first + 130)));
        put("chunkserver-host/changelog.1.mfs.xz", Compressed.with(Compression.XZ, lines(first + 130, first + 160)));
        put("master-host/metadata.mfs.back", Arrays.copyOf(image, image.length / 2));
        put("master-host/changelog.0.mfs", lines(first + 120, end - 5), half(end - 5));
    }

    @Test
    void oneCommandBringsBackEverythingThatIsAnywhereAndSaysWhatIsNowhere() throws Exception {
        theClassicNight();
        Path to = directory.resolve("restored");

        Result result = restore(to);

        long reached = end() - 5;
        assertEquals(3, result.code(), result.out());
        assertTrue(result.out().contains("result       version " + reached), result.out());
        assertTrue(
                result.out().contains("NOWHERE      " + directory.resolve("master-host/changelog.0.mfs") + ", byte "),
                result.out());
        assertTrue(
                result.out().contains("complete in " + directory.resolve("master-host/changelog.0.mfs")), result.out());
        assertTrue(result.out().contains("metadata.mfs.back is not a usable metadata image"), result.out());
        assertServes(to, reached);
    }

    @Test
    void whatIsInNoPlaceEndsTheHistoryAndIsTold() throws Exception {
        theClassicNight();
        Files.delete(directory.resolve("chunkserver-host/changelog.2.mfs.gz"));
        put("master-host/changelog.0.mfs", lines(first + 140, end()));
        Path to = directory.resolve("restored");

        Result result = restore(to);

        assertEquals(3, result.code(), result.out());
        assertTrue(
                result.out()
                        .contains("NOWHERE      changes " + (first + 100) + " to " + (first + 129) + " are nowhere"),
                result.out());
        assertServes(to, first + 100);
    }

    @Test
    void theStateBeforeAChangeCanBeHadByVersionAndByTime() throws Exception {
        theClassicNight();
        Path byVersion = directory.resolve("by-version");
        Path byTime = directory.resolve("by-time");
        Instant time = Instant.ofEpochSecond(seconds(changes.get((int) LATER)) - 1);

        Result version = restore(byVersion, "--at", String.valueOf(first + 137));
        Result before = restore(byTime, "--at", time.toString());

        assertEquals(0, version.code(), version.out());
        assertServes(byVersion, first + 137);
        assertEquals(0, before.code(), before.out());
        assertTrue(before.out().contains("before change " + (first + LATER) + " of "), before.out());
        assertServes(byTime, first + LATER);
    }

    private static long seconds(Change change) {
        return Long.parseLong(change.text().substring(0, change.text().indexOf('|')));
    }

    @Test
    void whatWasCollectedIsEnoughForAStockMasterAlone() throws Exception {
        theClassicNight();
        Path to = directory.resolve("collected");

        Result result = antler(to, "changelog collect");

        assertEquals(3, result.code(), result.out());
        StockMaster.run("chown", "-R", "mfs:mfs", to.toString());
        assertServes(to, end() - 5, "-a");
    }

    @Test
    void aContradictionEndsTheHistoryUntilOneSideIsLeftOut() throws Exception {
        theClassicNight();
        long wrong = first + 250;
        put(
                "master-host/changelog.0.mfs",
                lines(first + 120, wrong),
                (wrong + ": 1700000000|UNLINK(1,x):9\n").getBytes(StandardCharsets.ISO_8859_1));

        Result result = restore(directory.resolve("restored"));
        Files.delete(directory.resolve("master-host/changelog.0.mfs"));
        Result again = restore(directory.resolve("again"));

        assertEquals(4, result.code(), result.out());
        assertTrue(result.out().contains("result       version " + wrong), result.out());
        assertTrue(again.out().contains("result       version " + (end() - 40)), again.out());
    }

    @Test
    void aDryRunShowsThePlanAndTouchesNothing() throws Exception {
        theClassicNight();
        Path to = directory.resolve("restored");

        Result result = restore(to, "--dry-run");

        assertEquals(3, result.code());
        assertTrue(result.out().contains("result       version " + (end() - 5) + "\n"), result.out());
        assertFalse(Files.exists(to));
    }

    @Test
    void anImageThatBreaksOffIsPassedOverForAnOlderOne() throws Exception {
        put("metalogger-host/metadata_ml.mfs.back", image);
        put("metalogger-host/changelog_ml.0.mfs", lines(first, end()));
        Path newer = directory.resolve("newer");
        assertEquals(0, restore(newer, "--at", String.valueOf(first + 200)).code());
        byte[] whole = Files.readAllBytes(newer.resolve("metadata.mfs"));
        String id = ImageHeader.read(newer.resolve("metadata.mfs")).id().toString();
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var listing = new NodeListing(false, List.of(new NodeListing.Checkpoint(first + 200, id)), List.of());
        answer(node, "/antler/history", listing.toJson().getBytes(StandardCharsets.US_ASCII), 0);
        answer(node, "/antler/checkpoint/" + (first + 200), Arrays.copyOf(whole, whole.length / 2), whole.length);
        node.start();
        String address = "127.0.0.1:" + node.getAddress().getPort();
        Path restored = directory.resolve("restored");
        Path collected = directory.resolve("collected");
        try {
            Result result = restore(restored, address);
            Result all = antler(collected, "changelog collect", address);

            String broken =
                    "NOT USED     http://" + address + "/antler/checkpoint/" + (first + 200) + " could not be copied";
            assertEquals(0, result.code(), result.out());
            assertTrue(result.out().contains(broken), result.out());
            assertTrue(all.out().contains(broken), all.out());
        } finally {
            node.stop(0);
        }
        assertServes(restored, end());
        assertEquals(
                first, ImageHeader.read(collected.resolve("metadata.mfs.back")).version());
    }

    /** @param announced bytes; more than there are: it breaks off */
    private static void answer(HttpServer node, String path, byte[] content, int announced) {
        node.createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, Math.max(announced, content.length));
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().flush();
            exchange.close();
        });
    }

    @Test
    void aFullDiskLeavesNothingBehind() throws Exception {
        put("metalogger-host/metadata_ml.mfs.back", image);
        put("metalogger-host/changelog_ml.0.mfs", lines(first, end()));
        Path small = Files.createDirectories(directory.resolve("small"));
        StockMaster.run("mount", "-t", "tmpfs", "-o", "size=16k", "small", small.toString());
        try {
            Result result = restore(small.resolve("restored"));
            Result collected = antler(small.resolve("collected"), "changelog collect");

            assertEquals(5, result.code(), result.out());
            assertEquals(5, collected.code(), collected.out());
            try (Stream<Path> left = Files.list(small)) {
                assertEquals(List.of(), left.toList());
            }
        } finally {
            StockMaster.run("umount", "-l", small.toString());
        }
        for (String place : List.of("/", "/tmp", "/var", "/root")) {
            assertFalse(Files.exists(Path.of(place, "metadata.mfs.emergency")), place);
        }
    }

    @Test
    void anImageThatTheProgramWouldTakeInsteadIsRefused() throws Exception {
        put("metalogger-host/metadata_ml.mfs.back", image);
        put("metalogger-host/changelog_ml.0.mfs", lines(first, end()));
        Path newer = directory.resolve("newer");
        assertEquals(0, restore(newer).code());
        Path emergency = Path.of("/tmp/metadata.mfs.emergency");
        Files.copy(newer.resolve("metadata.mfs"), emergency);
        try {
            Result result = restore(directory.resolve("restored"));

            assertEquals(1, result.code(), result.out());
            assertTrue(result.out().contains("would take " + emergency + " instead"), result.out());
        } finally {
            Files.delete(emergency);
        }
    }

    @Test
    void changesThatDoNotFitTheImageAreToldInTheProgramsWords() throws Exception {
        put("metalogger-host/metadata_ml.mfs.back", image);
        put(
                "metalogger-host/changelog_ml.0.mfs",
                lines(first, first + 10),
                ((first + 10) + ": 1700000000|CREATE(1,x,2,511,18,0,0,0):77\n").getBytes(StandardCharsets.ISO_8859_1));
        Path to = directory.resolve("restored");

        Result result = restore(to);

        assertEquals(1, result.code(), result.out());
        assertTrue(result.out().contains("mfsmaster could not restore version " + (first + 11)), result.out());
        assertTrue(result.out().contains("can be had with --at " + (first + 10)), result.out());
        assertFalse(Files.exists(to));
        assertFalse(Files.exists(directory.resolve("restored.partial")));
    }

    /** A real master starts from it, and a mount shows the directories made by the changes before {@code version}. */
    private void assertServes(Path data, long version, String... options) throws Exception {
        if (options.length == 0) {
            assertEquals(version, ImageHeader.read(data.resolve("metadata.mfs")).version());
        }
        var expected = new TreeSet<String>();
        changes.stream()
                .filter(change -> change.version() < version && change.text().contains(ADDS_DIRECTORY))
                .map(change -> change.text().split(",", -1)[1])
                .forEach(expected::add);
        var shown = new TreeSet<String>();
        Path mount = directory.resolve("mount");
        try (StockProcess master = StockMaster.start(data, StockMaster.config(directory, data), options)) {
            StockMaster.mounted(mount, () -> {
                try (Stream<Path> files = Files.list(mount)) {
                    files.forEach(file -> shown.add(file.getFileName().toString()));
                }
            });
            StockMaster.stop(master);
        }
        assertEquals(expected, shown);
    }
}
