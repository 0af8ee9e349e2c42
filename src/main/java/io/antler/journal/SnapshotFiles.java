package io.antler.journal;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of one snapshot of the journal: a copy of the event store in the directory {@code store}. Of each the snapshot's
 * list has length and CRC-32C as {@code LENGTH:CRC}, so that a file that was damaged on a disk or on its way is known by name.
 */
final class SnapshotFiles {
    static final String STORE = "store";

    private static final int BUFFER_BYTES = 1 << 20;

    private final Map<Identity, String> known = new ConcurrentHashMap<>();

    /** A sorted table never changes, so that it is read once and not for each snapshot. */
    private record Identity(Object file, long lengthBytes, FileTime modified) {}

    /** Names relative to the snapshot's directory, of what belongs to the snapshot. */
    static List<String> names(Path snapshot) throws IOException {
        var names = new ArrayList<String>();
        for (String name : Folders.files(snapshot.resolve(STORE))) {
            if (!name.startsWith("LOG") && !name.equals("LOCK")) {
                names.add(STORE + "/" + name);
            }
        }
        return names;
    }

    LocalFileMeta describe(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        var identity = new Identity(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        String checksum = known.get(identity);
        if (checksum == null) {
            checksum = checksum(file);
            known.put(identity, checksum);
        }
        return LocalFileMeta.newBuilder().setChecksum(checksum).build();
    }

    /** Forgets files that are not in the last snapshot any more. */
    void retain(Path snapshot) throws IOException {
        var present = new ArrayList<Object>();
        for (String name : names(snapshot)) {
            present.add(Files.readAttributes(snapshot.resolve(name), BasicFileAttributes.class)
                    .fileKey());
        }
        known.keySet().removeIf(identity -> !present.contains(identity.file()));
    }

    /** What is wrong with a file, naming it; null: nothing. */
    static @Nullable String fault(Path file, LocalFileMeta described) {
        try {
            String found = checksum(file);
            return found.equals(described.getChecksum())
                    ? null
                    : "the file " + file + " is damaged: length and checksum are " + found + ", not "
                            + described.getChecksum();
        } catch (NoSuchFileException e) {
            return "the file " + file + " is missing";
        } catch (IOException e) {
            return "the file " + file + " cannot be read: " + e;
        }
    }

    private static String checksum(Path file) throws IOException {
        var crc = new CRC32C();
        long lengthBytes = 0;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                lengthBytes += buffer.remaining();
                crc.update(buffer);
                buffer.clear();
            }
        }
        return lengthBytes + ":" + Long.toHexString(crc.getValue());
    }
}
