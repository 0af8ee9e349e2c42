package io.antler.monitor;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StoredImage;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.ImageCommand;
import io.antler.metalogger.keeping.ImageFeed;
import io.antler.metalogger.keeping.ImageKeeper;
import io.antler.metalogger.keeping.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metalogger as {@code GET /antler/metalogger} shows it. Its JSON form, names and order, is an interface to the outside. Times
 * are like {@code 2026-11-28T07:10:00Z}.
 *
 * @param metadataId null before the first image, like the rest about the directory
 * @param next version of the first change that is not stored; -1 without an image
 * @param changes stored since the start of the process
 * @param stored when the last one was
 * @param images newest first
 * @param bytes of all images and changelog files
 * @param branches directories with another history that was put aside
 */
@JsonPropertyOrder({
    "source",
    "directory",
    "metadataId",
    "state",
    "next",
    "changes",
    "stored",
    "images",
    "bytes",
    "branches",
    "command",
    "alarms"
})
public record MetaloggerStatus(
        String source,
        String directory,
        @Nullable String metadataId,
        String state,
        long next,
        long changes,
        @Nullable String stored,
        List<Image> images,
        long bytes,
        List<String> branches,
        @Nullable Command command,
        List<Alarm> alarms) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Who is asked. */
    public record Source(ImageFeed changes, ImageKeeper images, Alarms alarms) {}

    @JsonPropertyOrder({"file", "version", "time", "bytes"})
    public record Image(String file, long version, String time, long bytes) {
        static Image of(StoredImage image) {
            return new Image(
                    image.file().getFileName().toString(),
                    image.version(),
                    image.time().toString(),
                    image.bytes());
        }
    }

    /** The operator's command, its last run. {@code exit} is null if it was not started or was killed. */
    @JsonPropertyOrder({"version", "time", "seconds", "exit", "output"})
    public record Command(
            long version,
            String time,
            double seconds,
            @Nullable Integer exit,
            String output) {
        static Command of(ImageCommand.Result result) {
            return new Command(
                    result.version(),
                    result.time().toString(),
                    result.took().toMillis() / 1000.0,
                    result.exit(),
                    result.output());
        }
    }

    @JsonPropertyOrder({"kind", "message", "since"})
    public record Alarm(String kind, String message, String since) {
        static Alarm of(Alarms.Alarm alarm) {
            return new Alarm(alarm.kind().word(), alarm.message(), alarm.since().toString());
        }
    }

    public MetaloggerStatus {
        images = List.copyOf(images);
        branches = List.copyOf(branches);
        alarms = List.copyOf(alarms);
    }

    /**
     * @param from what is followed
     * @param directory as the operator named it
     */
    public static MetaloggerStatus of(String from, String directory, Source source) throws IOException {
        Progress progress = source.changes().progress();
        Archive archive = source.changes().archive();
        ImageCommand.Result command = source.images().command();
        return new MetaloggerStatus(
                from,
                directory,
                archive == null ? null : archive.id().map(Object::toString).orElse(null),
                progress.state().word(),
                progress.next(),
                progress.changes(),
                progress.stored() == null ? null : progress.stored().toString(),
                archive == null
                        ? List.of()
                        : archive.images().stream().map(Image::of).toList(),
                archive == null ? 0 : archive.bytes(),
                archive == null ? List.of() : archive.branches(),
                command == null ? null : Command.of(command),
                source.alarms().all().stream().map(Alarm::of).toList());
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
