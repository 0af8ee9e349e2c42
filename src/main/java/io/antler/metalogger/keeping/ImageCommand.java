package io.antler.metalogger.keeping;

import io.antler.metalogger.archive.StoredImage;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The operator's command that is run after each new image, for a copy off-site. Its words are followed by the image's file. Its
 * environment has {@code ANTLER_IMAGE}, {@code ANTLER_VERSION}, {@code ANTLER_METADATA_ID} and {@code ANTLER_DIRECTORY}.
 *
 * @param words the program and its first arguments
 * @param timeout then it and what it started are killed
 */
public record ImageCommand(List<String> words, Duration timeout) {
    private static final int SHOWN = 2000;

    public ImageCommand {
        words = List.copyOf(words);
    }

    /**
     * @param exit null if it was not started or was killed
     * @param output the end of what it printed, or why it has no exit code
     */
    public record Result(
            long version,
            Instant time,
            Duration took,
            @Nullable Integer exit,
            String output) {
        boolean isGood() {
            return exit != null && exit == 0;
        }
    }

    Result run(StoredImage image, MetadataId id, InstantSource clock) throws InterruptedException {
        Instant begin = clock.instant();
        try {
            Process process = start(image, id);
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> lastOf(process.getInputStream()), task -> Thread.ofVirtual()
                            .start(task));
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String printed =
                    output.completeOnTimeout("", 5, TimeUnit.SECONDS).join(); // left by a child in the background
            Duration took = Duration.between(begin, clock.instant());
            return ended
                    ? new Result(image.version(), begin, took, process.exitValue(), printed)
                    : new Result(
                            image.version(),
                            begin,
                            took,
                            null,
                            "no end within " + timeout.toSeconds() + " s, killed. " + printed);
        } catch (IOException e) {
            return new Result(image.version(), begin, Duration.ZERO, null, "not started: " + e.getMessage());
        }
    }

    private Process start(StoredImage image, MetadataId id) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.add(image.file().toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ANTLER_IMAGE", image.file().toString());
        builder.environment().put("ANTLER_VERSION", Long.toString(image.version()));
        builder.environment().put("ANTLER_METADATA_ID", id.toString());
        builder.environment()
                .put("ANTLER_DIRECTORY", String.valueOf(image.file().getParent()));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Reads it all, so that the command never waits for us. */
    private static String lastOf(InputStream in) {
        var kept = new StringBuilder();
        byte[] bytes = new byte[4096];
        try (in) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                kept.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                kept.delete(0, Math.max(0, kept.length() - SHOWN));
            }
        } catch (IOException e) {
            kept.append(" (").append(e.getMessage()).append(')'); // closed by the kill
        }
        return kept.toString().strip();
    }
}
