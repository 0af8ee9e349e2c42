package io.antler.bench;

import io.antler.metalogger.ModelMaster;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast {@code antler metalogger} follows a master, and how much heap it has used at most, with the heap that {@code
 * bin/antler} gives it: an image of 256 MiB, a backlog of a million changes, a million at 50,000 a second, then as many as go.
 * Budget: 50,000 changes/s, 256 MiB.
 *
 * <p>Arguments: the directory of the build, {@code target/antler}; a directory to work in.
 */
public final class FollowBench {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final int BACKLOG = 1_000_000;
    private static final int PACED = 1_000_000;
    private static final int PACE = 50_000;
    private static final int BURST = 2_000_000;
    private static final int PORT = 39_433;
    private static final int IMAGE_BYTES = 256 << 20;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern NEXT = Pattern.compile("\nantler_metalogger_next_version ([0-9.E+-]+)");
    private static final Pattern HEAP = Pattern.compile("\njvm_memory_used_bytes\\{area=\"heap\",[^}]*} ([0-9.E+-]+)");

    private final ModelMaster master;
    private final HttpClient client = HttpClient.newHttpClient();
    private double heap;

    private FollowBench(ModelMaster master) {
        this.master = master;
    }

    public static void main(String[] args) throws Exception {
        Path build = Path.of(args[0]).toAbsolutePath();
        Path work = Files.createTempDirectory(Path.of(args[1]), "follow");
        try (var master = new ModelMaster(ID, 100)) {
            new FollowBench(master).run(build, work);
        } finally {
            Directories.delete(work);
        }
        System.exit(0);
    }

    private void run(Path build, Path work) throws Exception {
        master.withoutFiles();
        master.saveTo(TestImage.of(100, ID, IMAGE_BYTES));
        master.change("CREATE", BACKLOG);
        Process metalogger = start(build, work);
        try {
            await(-101); // it answers
            long begin = System.nanoTime();
            await(BACKLOG);
            Figures.rate("metalogger.catch-up.rate", BACKLOG / seconds(begin), "changes/s");
            pace();
            begin = System.nanoTime();
            master.change("CREATE", BURST);
            await((long) BACKLOG + PACED + BURST);
            Figures.rate("metalogger.follow.rate", BURST / seconds(begin), "changes/s");
            Figures.rate("metalogger.heap", heap / (1 << 20), "MiB");
        } finally {
            metalogger.destroy();
            if (!metalogger.waitFor(30, TimeUnit.SECONDS)) {
                metalogger.destroyForcibly();
            }
        }
    }

    private Process start(Path build, Path work) throws IOException {
        Path config = Files.writeString(
                work.resolve("metalogger.conf"),
                "antler.metalogger.alone { client-port = " + master.clientPort().getPort() + ", http.port = " + PORT
                        + " }\n");
        return new ProcessBuilder(List.of(
                        build.resolve("bin/antler").toString(),
                        "metalogger",
                        "--master",
                        "127.0.0.1:" + master.changesPort().getPort(),
                        "--to",
                        work.resolve("kept").toString(),
                        "--config",
                        config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("metalogger.log").toFile())
                .start();
    }

    /** As many as it must bear, and how far it is behind meanwhile. */
    private void pace() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long most = 0;
        for (int made = 0; made < PACED; made += PACE / 20) {
            master.change("CREATE", PACE / 20);
            long due = begin + (long) ((made + PACE / 20) * 1e9 / PACE);
            if (made % PACE == 0) {
                most = Math.max(most, master.next() - look());
            }
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        Figures.rate("metalogger.pace", PACED / seconds(begin), "changes/s");
        await((long) BACKLOG + PACED);
        Figures.rate("metalogger.pace.behind", (double) most, "changes");
    }

    private void await(long changes) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (look() < 100 + changes) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(changes + " changes were not stored within " + LIMIT);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** @return the version it is at, -1 without an image; -2 as long as it does not answer */
    private long look() throws InterruptedException {
        try {
            String metrics = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            double used = 0;
            for (Matcher part = HEAP.matcher(metrics); part.find(); ) {
                used += Double.parseDouble(part.group(1));
            }
            heap = Math.max(heap, used);
            Matcher next = NEXT.matcher(metrics);
            return next.find() ? (long) Double.parseDouble(next.group(1)) : -2;
        } catch (IOException notYet) {
            return -2;
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
