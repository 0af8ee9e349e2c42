package io.antler.metalogger;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images this node can restore from, all of one file system. Whoever adds one knows that the journal has committed its
 * last change under the epoch of the master that made it; nothing in the file could tell.
 *
 * <pre>
 * checkpoints/1207.mfs          the image; there only when complete
 * checkpoints/1207.mfs.sha256   written before it: 64 hexadecimal digits, two blanks, its name (as sha256sum reads it)
 * </pre>
 *
 * <p>Adding blocks, one thread at a time; any thread may ask what is here.
 */
public final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Pattern IMAGE = Pattern.compile("([1-9][0-9]{0,18})\\.mfs");
    private static final String SUM = ".sha256";
    private static final String INCOMING = "incoming.tmp";

    private final Path directory;
    private final ConcurrentSkipListMap<Long, Checkpoint> byVersion = new ConcurrentSkipListMap<>();

    private Checkpoints(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads every image completely. A damaged one is renamed and logged, not used; what an interrupted add left is deleted.
     *
     * @throws IOException if the directory cannot be used, or holds images of two file systems
     */
    public static Checkpoints open(Path directory) throws IOException {
        Files.createDirectories(directory);
        var store = new Checkpoints(directory);
        for (Path file : store.files()) {
            String name = file.getFileName().toString();
            if (IMAGE.matcher(name).matches()) {
                store.load(file);
            } else if (name.endsWith(".tmp") || (name.endsWith(SUM) && !Files.exists(imageOf(file)))) {
                Files.delete(file);
            }
        }
        return store;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (UncheckedIOException e) {
            throw new IOException(directory + " could not be listed", e);
        }
    }

    private static Path imageOf(Path sum) {
        String name = sum.getFileName().toString();
        return sum.resolveSibling(name.substring(0, name.length() - SUM.length()));
    }

    private static Path sumOf(Path image) {
        return image.resolveSibling(image.getFileName() + SUM);
    }

    private void load(Path image) throws IOException {
        try {
            Checkpoint checkpoint = verified(image);
            checkId(image.toString(), checkpoint.id());
            byVersion.put(checkpoint.version(), checkpoint);
        } catch (BadCheckpoint | BadImage e) {
            Path aside = image.resolveSibling(image.getFileName() + ".damaged");
            Files.move(image, aside);
            LOG.error(
                    "checkpoint not usable, renamed to {}: {}. Check the disk, then delete it", aside, e.getMessage());
        }
    }

    private static Checkpoint verified(Path image) throws IOException {
        ImageHeader header = ImageHeader.read(image);
        Path sum = sumOf(image);
        String expected = Files.exists(sum) ? Files.readString(sum).split(" ", 2)[0] : "";
        String actual = sha256(image);
        if (!expected.equals(actual)) {
            throw new BadCheckpoint(image + " has SHA-256 " + actual + ", " + sum.getFileName() + " says "
                    + (expected.isEmpty() ? "nothing" : expected));
        }
        if (!image.getFileName().toString().equals(header.version() + ".mfs")) {
            throw new BadCheckpoint(image + " is at version " + header.version());
        }
        return new Checkpoint(image, header.version(), header.id(), actual);
    }

    /** Of the file system whose images these are; empty as long as there is none. */
    public Optional<MetadataId> metadataId() {
        return newest().map(Checkpoint::id);
    }

    public Optional<Checkpoint> newest() {
        return Optional.ofNullable(byVersion.lastEntry()).map(entry -> entry.getValue());
    }

    public boolean has(long version, String sha256) {
        Checkpoint known = byVersion.get(version);
        return known != null && known.sha256().equals(sha256);
    }

    /** For images that nobody has adopted: renames them, so that they are not used and not lost. */
    public synchronized void setAside() throws IOException {
        for (Checkpoint checkpoint : all()) {
            Path aside = checkpoint.image().resolveSibling(checkpoint.image().getFileName() + ".not-adopted");
            Files.move(checkpoint.image(), aside, StandardCopyOption.REPLACE_EXISTING);
            Files.delete(sumOf(checkpoint.image()));
            byVersion.remove(checkpoint.version());
        }
    }

    /** Oldest first. */
    public List<Checkpoint> all() {
        return List.copyOf(byVersion.values());
    }

    /** Copies it; the source stays. */
    public Checkpoint add(Path image) throws IOException {
        try (InputStream in = Files.newInputStream(image)) {
            return add(in, image.toString());
        }
    }

    /**
     * A version that is already here is not replaced: the same image changes nothing, another one is refused.
     *
     * @param origin names the source in messages
     * @throws BadImage if it is no complete image
     * @throws IOException if it is of another file system, or of one that was never started
     */
    public Checkpoint add(InputStream image, String origin) throws IOException {
        return add(image, origin, null);
    }

    /** As {@link #add(Path)}, but refuses a file with another SHA-256 than the one told. */
    public Checkpoint add(Path image, String sha256) throws IOException {
        try (InputStream in = Files.newInputStream(image)) {
            return add(in, image.toString(), sha256);
        }
    }

    private synchronized Checkpoint add(InputStream image, String origin, @Nullable String expected)
            throws IOException {
        Path incoming = directory.resolve(INCOMING);
        try {
            String sum = copy(image, incoming);
            if (expected != null && !expected.equals(sum)) {
                throw new IOException(origin + " has SHA-256 " + sum + ", expected was " + expected);
            }
            ImageHeader header = ImageHeader.read(incoming);
            if (header.id().isNone()) {
                throw new IOException(
                        origin + " is no checkpoint: its file system was never started, so it has no metadata id."
                                + " Start and stop it once with the stock mfsmaster");
            }
            checkId(origin, header.id());
            Checkpoint known = byVersion.get(header.version());
            if (known != null && !known.sha256().equals(sum)) {
                throw new IOException(origin + " and " + known.image() + " are two images of version " + known.version()
                        + " with different content: find out which one is right, and move the other away");
            }
            return known != null ? known : publish(incoming, header, sum);
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    private Checkpoint publish(Path incoming, ImageHeader header, String sum) throws IOException {
        Path target = directory.resolve(header.version() + ".mfs");
        Path sumFile = sumOf(target);
        Path sumBeside = DurableFile.beside(sumFile);
        Files.writeString(sumBeside, sum + "  " + target.getFileName() + "\n");
        DurableFile.publish(sumBeside, sumFile);
        DurableFile.publish(incoming, target);
        var checkpoint = new Checkpoint(target, header.version(), header.id(), sum);
        byVersion.put(checkpoint.version(), checkpoint);
        return checkpoint;
    }

    private void checkId(String image, MetadataId id) throws IOException {
        @Nullable MetadataId ours = metadataId().orElse(null);
        if (ours != null && !ours.equals(id)) {
            throw new IOException(image + " is of the file system with metadata id " + id + ", the checkpoints in "
                    + directory + " are of " + ours + ": never mix them");
        }
    }

    private static String copy(InputStream from, Path to) throws IOException {
        var digest = digest();
        try (OutputStream out = Files.newOutputStream(to)) {
            new DigestInputStream(from, digest).transferTo(out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(Path file) throws IOException {
        var digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static final class BadCheckpoint extends IOException {
        private static final long serialVersionUID = 1L;

        BadCheckpoint(String message) {
            super(message);
        }
    }
}
