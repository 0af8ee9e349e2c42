package io.antler.moosefs;

import io.antler.moosefs.ImageReader.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What can be told of a metadata image without loading it. The file is walked from section to section, so one that was
 * cut or grown anywhere is noticed; what is inside a section is not checked (nothing in the format would tell).
 *
 * <pre>
 * "MFSM 2.0"  version:u64  metadataId:u64  { name[4] ' ' high '.' low  length:u64  body[length] }  "[MFS EOF MARKER]"
 * </pre>
 *
 * @param version number of the next change; 1 for a new one
 * @param id {@link MetadataId#NONE} for a new one
 * @param isNew the eight bytes {@code MFSM NEW}: a file system that was never started
 * @param sessionsVersion version of the first section, SESS: 0x15 written by 3.0, 0x16 by 4.x; 0 for a new one, or when only the beginning
 *     was read
 */
public record ImageHeader(long version, MetadataId id, boolean isNew, int sessionsVersion) {
    static final String NEW = "MFSM NEW";
    private static final String CURRENT = "MFSM 2.0";
    private static final int NEWEST_SESSIONS = 0x16;

    /**
     * @throws BadImage if the file is truncated, no image, or of an unknown or newer format
     * @throws IOException if it cannot be read
     */
    public static ImageHeader read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadImage(
                    file.toString(), Files.exists(file) ? "it is not a regular file" : "there is no such file");
        }
        try (InputStream in = Files.newInputStream(file)) { // skips by seeking
            return read(in, file.toString());
        }
    }

    /**
     * Reads it to its end.
     *
     * @param name for messages
     */
    public static ImageHeader read(InputStream in, String name) throws IOException {
        ImageReader image = ImageReader.of(in, name);
        ImageHeader start = image.checkedHeader();
        if (start.isNew()) {
            return start;
        }
        int sessions = 0;
        for (Section section = image.next(); section != null; section = image.next()) {
            sessions = sessions == 0 ? section.version() : sessions;
        }
        return new ImageHeader(start.version(), start.id(), false, sessions);
    }

    /**
     * Of a compressed image. Only its beginning is looked at: whether it is complete shows when it is decompressed.
     *
     * @throws BadImage if it does not begin as an image does
     */
    public static ImageHeader readCompressed(Path file) throws IOException {
        try (InputStream in = Compression.decompressed(Files.newInputStream(file))) {
            return readStart(in, file.toString());
        }
    }

    /**
     * What the first bytes of an image say. The version of its sessions is left out.
     *
     * @throws BadImage if it does not begin as an image does
     */
    public static ImageHeader readStart(InputStream in, String name) throws IOException {
        byte[] signature = in.readNBytes(NEW.length());
        if (signature.length < NEW.length()) {
            throw new BadImage(name, "it has only " + signature.length + " bytes");
        }
        if (text(signature).equals(NEW)) {
            return new ImageHeader(1, MetadataId.NONE, true, 0);
        }
        if (!text(signature).equals(CURRENT)) {
            throw new BadImage(name, signatureProblem(text(signature)));
        }
        ByteBuffer numbers = ByteBuffer.wrap(read(in, name, 16));
        return new ImageHeader(numbers.getLong(), new MetadataId(numbers.getLong()), false, 0);
    }

    private static String signatureProblem(String signature) {
        if (!signature.matches("MFSM [1-9]\\.[0-9]")) {
            return "it does not begin with \"" + CURRENT + "\"";
        }
        return "its format is " + signature.substring(5) + ", known is 2.0. "
                + (signature.charAt(5) == '1'
                        ? "Start and stop it once with the stock mfsmaster 3.0 to convert it"
                        : "It comes from a newer MooseFS");
    }

    private static byte[] read(InputStream in, String name, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new BadImage(name, "its end marker is missing: it is truncated or still being written");
        }
        return bytes;
    }

    /** Of the first section of a file. */
    static void checkFirst(String name, String section, int version) throws BadImage {
        if (!section.equals("SESS")) {
            throw new BadImage(name, "its first section is " + section + " instead of SESS: it is damaged, or foreign");
        }
        if (version > NEWEST_SESSIONS) {
            throw new BadImage(
                    name, "its section SESS has a newer version than any known one. It comes from a newer MooseFS");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
