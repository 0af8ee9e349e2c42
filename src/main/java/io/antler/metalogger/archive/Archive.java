package io.antler.metalogger.archive;

import io.antler.metalogger.AppendRule;
import io.antler.metalogger.ChangesSink;
import io.antler.metalogger.DurableFile;
import io.antler.metalogger.NotResumable;
import io.antler.moosefs.BadImage;
import io.antler.moosefs.Change;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images and changelog files of one file system, in a directory that a stock {@code mfsmaster -a} can start from as it stands,
 * whenever this process is killed. Changes are stored without a hole; only an image ahead of them begins anew after one.
 *
 * <pre>
 * metadata_ml.mfs.back          the newest image; .1 and so on are older
 * changelog_ml.0.mfs            the changes of this hour, and changelog_ml_back.0.mfs the same: {@link TwinFile}
 * changelog_ml.1.mfs …          older ones
 * branch-1207-20261128T070000Z/ what was stored from version 1207 on, and the master then had other changes: never deleted
 * antler.archive                whose it is: {@link Mark}
 * incoming/                     an image that is not complete or not verified
 * </pre>
 *
 * <p>All methods block. Any thread. After {@link NotStored} it must be closed and opened again.
 */
public final class Archive implements ChangesSink, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    private static final DateTimeFormatter BRANCH_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    static final String BRANCH = "branch-";

    /** Opens it; again after each failed write. */
    public interface Opening {
        Archive open() throws IOException;
    }

    private final Path directory;
    private final long segmentBytes;
    private final InstantSource clock;
    private final ChangelogFiles changelogs;
    private boolean closed; // all fields from here on: guarded by this
    private Optional<MetadataId> id;
    private List<StoredImage> images; // newest first
    private Instant hour;

    private Archive(
            Path directory,
            long segmentBytes,
            InstantSource clock,
            ChangelogFiles changelogs,
            Optional<MetadataId> id,
            List<StoredImage> images) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.clock = clock;
        this.changelogs = changelogs;
        this.id = id;
        this.images = images;
        this.hour = hourOf(clock.instant());
    }

    /**
     * Repairs what a crash left. A damaged image is renamed and logged, not used.
     *
     * @param segmentBytes a changelog file that has grown to so many bytes is closed; also at each full hour
     * @throws ArchiveUnusable if the directory has files of another program
     */
    public static Archive open(Path directory, long segmentBytes, InstantSource clock) throws IOException {
        Files.createDirectories(directory);
        Optional<MetadataId> id = Mark.read(directory);
        Generations.IMAGES.dropDoubles(directory);
        Generations.CHANGELOGS.dropDoubles(directory);
        List<StoredImage> images = images(directory);
        ChangelogFiles changelogs = ChangelogFiles.open(directory);
        Files.createDirectories(incoming(directory));
        return new Archive(directory, segmentBytes, clock, changelogs, id, images);
    }

    private static List<StoredImage> images(Path directory) throws IOException {
        List<StoredImage> images = new ArrayList<>();
        for (Map.Entry<Integer, Path> file : Generations.IMAGES.in(directory).entrySet()) {
            try {
                images.add(StoredImage.of(file.getKey(), file.getValue()));
            } catch (BadImage damaged) {
                Path aside = directory.resolve("damaged-" + file.getValue().getFileName());
                Files.move(file.getValue(), aside, StandardCopyOption.REPLACE_EXISTING);
                LOG.error("{}. It is renamed to {}. Check the disk, then delete it", damaged.getMessage(), aside);
            }
        }
        return List.copyOf(images);
    }

    private static Path incoming(Path directory) {
        return directory.resolve("incoming");
    }

    private static Instant hourOf(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS);
    }

    public Path directory() {
        return directory;
    }

    /** Where an image may be built, of no interest to a master. One name for each builder. */
    public Path incoming(String name) {
        return incoming(directory).resolve(name);
    }

    /** Of the file system it is of; empty before its first image. */
    public synchronized Optional<MetadataId> id() {
        return id;
    }

    /** Newest first. */
    public synchronized List<StoredImage> images() {
        return images;
    }

    public synchronized Optional<StoredImage> newestImage() {
        return images.stream().max(Comparator.comparingLong(StoredImage::version));
    }

    /** Version of the first change that is missing; -1 as long as there is no image. */
    public synchronized long next() {
        return newestImage()
                .map(image -> Math.max(image.version(), changelogs.next()))
                .orElse(-1L);
    }

    /**
     * From here on changes can be compared with the master's: those before are in the newest image, which is the master's own, or
     * their texts are not in memory any more. At most {@link #next}.
     */
    public synchronized long comparableFrom() {
        long image = newestImage().map(StoredImage::version).orElse(0L);
        boolean behind = changelogs.next() <= image;
        return behind ? next() : Math.max(image, changelogs.recent().oldest());
    }

    /**
     * @throws NotResumable if changes are missing before these
     * @throws HistoryConflict if it has another change of one of these versions
     * @throws NotStored if they could not be written
     * @throws IOException if one is not as a master writes it
     */
    @Override
    public synchronized long append(List<Change> changes) throws IOException {
        long next = next();
        if (next < 0) {
            throw new IllegalStateException("changes without an image");
        }
        for (Change change : changes) {
            if (!change.isReadable()) {
                throw new IOException("version=" + change.version() + " the master sent what no changelog has: \""
                        + shown(change.text()) + "\"; nothing stored");
            }
        }
        switch (AppendRule.decide(next, changelogs.recent(), changes)) {
            case AppendRule.Decision.Hole(String reason) -> throw new NotResumable(reason);
            case AppendRule.Decision.TooOld(String reason) -> throw new NotResumable(reason);
            case AppendRule.Decision.Conflict(long version, String reason) ->
                throw new HistoryConflict(version, reason);
            case AppendRule.Decision.Store(List<String> texts) -> {
                if (!texts.isEmpty()) {
                    store(next, texts);
                }
            }
        }
        return next();
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    private void store(long next, List<String> texts) throws NotStored {
        try {
            rotateIfDue();
            changelogs.append(next, texts);
        } catch (IOException e) {
            throw new NotStored(e);
        }
    }

    private void rotateIfDue() throws IOException {
        Instant now = hourOf(clock.instant());
        if (!now.equals(hour) || changelogs.growingLength() >= segmentBytes) {
            changelogs.rotate();
            hour = now;
        }
    }

    /**
     * Takes a complete image over, unless it has one of that version. One ahead of the changes begins anew after a hole.
     *
     * @param staged {@link #incoming}; moved
     * @return whether it is new
     * @throws ArchiveUnusable if it is of another file system
     */
    public synchronized boolean install(Path staged, MetadataId masterId) throws IOException {
        checkOpen();
        ImageHeader header = ImageHeader.read(staged);
        check(header.isNew() ? masterId : header.id());
        if (images.stream().anyMatch(image -> image.version() == header.version())) {
            Files.delete(staged);
            return false;
        }
        if (id.isEmpty()) {
            Mark.write(directory, masterId);
            id = Optional.of(masterId);
        }
        Generations.IMAGES.makeRoom(directory);
        DurableFile.publish(staged, Generations.IMAGES.newest(directory));
        images = images(directory);
        return true;
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException(directory + " was closed, and is opened again after a failed write");
        }
    }

    /** @throws ArchiveUnusable if it is of another file system than that one */
    public synchronized void check(MetadataId other) throws ArchiveUnusable {
        if (id.isPresent() && !id.get().equals(other)) {
            throw new ArchiveUnusable(directory + " is of the file system with metadata id " + id.get()
                    + ", the master serves " + other
                    + ": never mix them. Name another directory for this master, or the"
                    + " master of this directory");
        }
    }

    /** Whether something is left when it is branched off. */
    public synchronized boolean hasImageBefore(HistoryConflict conflict) {
        return images.stream().anyMatch(image -> image.version() <= conflict.version());
    }

    /**
     * The master's history is another one from a version on: what is stored of it, changes and images, moves to a directory
     * {@code branch-VERSION-TIME} and is never touched again. At each moment a master could start from what is left. If nothing
     * before that version could be compared, everything behind the newest image before it is taken for the other history.
     *
     * @return that directory
     */
    public synchronized Path branchOff(HistoryConflict conflict) throws IOException {
        long image = images.stream()
                .mapToLong(StoredImage::version)
                .filter(version -> version <= conflict.version())
                .max()
                .orElseThrow();
        return branchOff(conflict.version() > comparableFrom() ? conflict.version() : image);
    }

    private Path branchOff(long version) throws IOException {
        Path branch = branch(version);
        for (StoredImage image : images) {
            if (image.version() > version) {
                move(image, branch);
            }
        }
        DurableFile.force(branch);
        images = images(directory);
        changelogs.cut(version, branch);
        return branch;
    }

    /**
     * The same for everything that is stored; then that image is all there is.
     *
     * @param staged as for {@link #install}
     */
    public synchronized Path startOver(Path staged, MetadataId masterId) throws IOException {
        ImageHeader header = ImageHeader.read(staged);
        check(header.isNew() ? masterId : header.id());
        Path branch = branch(header.version());
        changelogs.cut(0, branch); // first: they do not belong to the new image
        Generations.IMAGES.makeRoom(directory);
        DurableFile.publish(staged, Generations.IMAGES.newest(directory));
        for (StoredImage image : images(directory)) {
            if (image.number() > 0) {
                move(image, branch);
            }
        }
        DurableFile.force(branch);
        images = images(directory);
        return branch;
    }

    private Path branch(long version) throws IOException {
        Path branch = directory.resolve(BRANCH + version + "-" + BRANCH_TIME.format(clock.instant()));
        Files.createDirectories(branch);
        DurableFile.force(directory);
        return branch;
    }

    private static void move(StoredImage image, Path branch) throws IOException {
        Files.move(image.file(), branch.resolve(image.file().getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Deletes images by the limits, then the changelog files that are older than the oldest image left; nothing else.
     *
     * @return what is gone
     */
    public synchronized List<Path> retain(RetentionRule.Limits limits) throws IOException {
        checkOpen();
        Set<Long> superfluous = Housekeeping.superfluous(images, changelogs.segments(), limits, clock.instant());
        List<Path> gone = images.reversed().stream()
                .filter(image -> superfluous.contains(image.version()))
                .map(StoredImage::file)
                .collect(Collectors.toCollection(ArrayList::new));
        Housekeeping.delete(directory, gone);
        images = images(directory);
        long oldest = images.stream().mapToLong(StoredImage::version).min().orElse(0);
        List<Path> changes = Housekeeping.before(oldest, changelogs.segments()).stream()
                .map(ChangelogFiles.Segment::file)
                .toList();
        Housekeeping.delete(directory, changes);
        gone.addAll(changes);
        return gone;
    }

    /**
     * Compresses what a master would not need. Long; changes and images are stored meanwhile.
     *
     * @param plainImages so many of the newest images stay as they are, and all changes since the oldest of them
     */
    public void compress(int plainImages) throws IOException {
        Path beside = incoming("compressed");
        for (Path file = compressible(plainImages); file != null; file = compressible(plainImages)) {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            Compressing.copy(file, beside);
            replaceByCompressed(key, beside);
        }
    }

    private synchronized @Nullable Path compressible(int plainImages) throws IOException {
        checkOpen();
        return Housekeeping.compressible(images, changelogs.segments(), plainImages).stream()
                .findFirst()
                .orElse(null);
    }

    /** @param key tells the plain file, which may have got another number meanwhile */
    private synchronized void replaceByCompressed(@Nullable Object key, Path compressed) throws IOException {
        checkOpen();
        List<Path> files = new ArrayList<>(Generations.IMAGES.in(directory).values());
        files.addAll(Generations.CHANGELOGS.in(directory).values());
        for (Path file : files) {
            if (Objects.equals(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey(), key)) {
                DurableFile.publish(compressed, file.resolveSibling(file.getFileName() + Generations.GZ));
                Housekeeping.delete(directory, List.of(file));
            }
        }
        images = images(directory);
    }

    /** Where branches of the history were put aside and still are. */
    public List<String> branches() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(BRANCH))
                    .sorted()
                    .toList();
        }
    }

    /** Bytes of all images and changelog files. */
    public synchronized long bytes() throws IOException {
        long bytes = 0;
        for (Path file : Generations.IMAGES.in(directory).values()) {
            bytes += Files.size(file);
        }
        for (Path file : Generations.CHANGELOGS.in(directory).values()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        changelogs.close();
    }
}
