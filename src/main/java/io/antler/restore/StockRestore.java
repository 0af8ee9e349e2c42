package io.antler.restore;

import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.StockProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stock program's {@code restore} in a directory of its own: it loads the image there, replays the changelogs there,
 * and leaves {@code metadata.mfs}. It never opens a port. It would end a master that runs on the same directory, and nobody
 * else's configuration names this one.
 */
final class StockRestore implements Closeable {
    /** A name that the program reads but never writes or renames. */
    private static final String IMAGE = "metadata_ml.mfs.back";

    private static final Pattern PROGRESS = Pattern.compile("progress: current change: ([0-9]{1,18}) .*");

    private static final Pattern FAILED_CHANGE = Pattern.compile("changelog\\.[0-9]+\\.mfs:([0-9]{1,18}): ");
    private static final int SHOWN = 4;

    private final Path data;
    private final StockProcess process;

    private StockRestore(Path data, StockProcess process) {
        this.data = data;
        this.process = process;
    }

    /** Where image and changelogs belong below a directory. */
    static Path data(Path work) {
        return work.resolve("data");
    }

    static Path image(Path work) {
        return data(work).resolve(IMAGE);
    }

    /**
     * Returns when it has been started.
     *
     * @param work has nothing in it but {@link #data}
     * @param progress gets the version of the change at which it is, now and then, on another thread
     */
    static StockRestore start(Path program, Path work, LongConsumer progress) throws IOException {
        Path exports = Files.writeString(work.resolve("mfsexports.cfg"), "* / ro\n");
        String user = System.getProperty("user.name");
        Path config = Files.writeString(
                work.resolve("mfsmaster.cfg"), """
                WORKING_USER = %s
                WORKING_GROUP =
                NICE_LEVEL = 0
                DATA_PATH = %s
                EXPORTS_FILENAME = %s
                """.formatted(user, data(work), exports), StandardCharsets.UTF_8);
        return new StockRestore(
                data(work),
                StockProcess.start(
                        data(work),
                        List.of(program.toString(), "-c", config.toString(), "restore"),
                        line -> tell(line, progress)));
    }

    private static void tell(String line, LongConsumer progress) {
        Matcher matcher = PROGRESS.matcher(line);
        if (matcher.matches()) {
            progress.accept(Long.parseLong(matcher.group(1)));
        }
    }

    /**
     * Waits for its end.
     *
     * @param version the one it must have reached
     * @param ids that the result may have; empty: any but none
     * @return the result
     * @throws RestoreFailed if it failed, or reached something else
     */
    Path result(long version, Set<MetadataId> ids) throws IOException {
        int exit = exit();
        Path image = data.resolve("metadata.mfs");
        if (exit != 0 || !Files.exists(image)) {
            throw new RestoreFailed("mfsmaster could not restore version %d (exit code %d): %s"
                    .formatted(version, exit, lastWords(process.lastLines())));
        }
        ImageHeader header = ImageHeader.read(image);
        boolean anId = version == 1 || !header.id().isNone();
        boolean rightId = ids.isEmpty() ? anId : ids.contains(header.id());
        if (header.version() != version || !rightId) {
            throw new RestoreFailed("mfsmaster made version %d with metadata id %s, expected was version %d with id %s"
                    .formatted(header.version(), header.id(), version, ids));
        }
        return image;
    }

    private static String lastWords(List<String> lines) {
        String words = String.join(" | ", lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
        Matcher change = FAILED_CHANGE.matcher(words);
        return change.find()
                ? words + ". What comes before change " + change.group(1) + " can be had with --at " + change.group(1)
                : words;
    }

    private int exit() throws IOException {
        try {
            return process.onExit().toCompletableFuture().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (ExecutionException impossible) {
            throw new IOException(impossible);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() throws IOException {
        process.kill();
    }
}
