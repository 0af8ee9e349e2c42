package io.antler.moosefs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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
 * @param sessionsVersion version of the first section, SESS: 0x15 written by 3.0, 0x16 by 4.x; 0 for a new one, or when only the beginning was read
 */
public record ImageHeader(long version, MetadataId id, boolean isNew, int sessionsVersion) {
    private static final String NEW = "MFSM NEW";
    private static final String CURRENT = "MFSM 2.0";
    private static final String END = "[MFS EOF MARKER]";
    private static final int NEWEST_SESSIONS = 0x16;
    private static final int PREFIX = 24;
    private static final int SECTION_HEADER = 16;

    /**
     * @throws BadImage if the file is truncated, no image, or of an unknown or newer format
     * @throws IOException if it cannot be read
     */
    public static ImageHeader read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadImage(file, Files.exists(file) ? "it is not a regular file" : "there is no such file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file, channel);
        }
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
        ByteBuffer start = ByteBuffer.wrap(in.readNBytes(PREFIX));
        String signature = start.remaining() < NEW.length() ? "" : text(start, NEW.length());
        if (signature.equals(NEW)) {
            return new ImageHeader(1, MetadataId.NONE, true, 0);
        }
        if (start.remaining() < PREFIX - CURRENT.length() || !signature.equals(CURRENT)) {
            throw new BadImage(Path.of(name), "it does not begin with \"" + CURRENT + "\"");
        }
        return new ImageHeader(start.getLong(), new MetadataId(start.getLong()), false, 0);
    }

    private static ImageHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < NEW.length()) {
            throw new BadImage(file, "it has only " + size + " bytes");
        }
        String signature = text(at(channel, 0, NEW.length()), NEW.length());
        if (signature.equals(NEW)) {
            if (size > NEW.length()) {
                throw new BadImage(file, "it begins with \"" + NEW + "\" but has " + size + " bytes instead of 8");
            }
            return new ImageHeader(1, MetadataId.NONE, true, 0);
        }
        if (!signature.equals(CURRENT)) {
            throw new BadImage(file, signatureProblem(signature));
        }
        if (size < PREFIX + END.length()) {
            throw new BadImage(file, "it is truncated: only " + size + " bytes");
        }
        ByteBuffer numbers = at(channel, 8, 16);
        long version = numbers.getLong();
        if (version <= 0) {
            throw new BadImage(file, "its version is " + Long.toUnsignedString(version));
        }
        return new ImageHeader(version, new MetadataId(numbers.getLong()), false, walk(file, channel, size));
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

    /** Follows the sections' lengths to the end marker; returns the version of the first section. */
    private static int walk(Path file, FileChannel channel, long size) throws IOException {
        if (!text(at(channel, size - END.length(), END.length()), END.length()).equals(END)) {
            throw new BadImage(file, "its end marker is missing: it is truncated or still being written");
        }
        int sessions = 0;
        long position = PREFIX;
        while (position < size - END.length()) {
            ByteBuffer header = at(channel, position, SECTION_HEADER);
            String name = text(header, 8).substring(0, 4);
            long length = header.getLong();
            if (!name.matches("[A-Z]{4}")) {
                throw new BadImage(file, "no section begins at byte " + position + ": it is damaged");
            }
            if (sessions == 0) {
                sessions = sessionsVersion(file, header, name);
            }
            long left = size - END.length() - position - SECTION_HEADER;
            if (length < 0 || length > left) {
                throw new BadImage(
                        file,
                        "its section " + name + " should have " + Long.toUnsignedString(length) + " bytes, but " + left
                                + " are left: it is truncated");
            }
            position += SECTION_HEADER + length;
        }
        if (sessions == 0 || position != size - END.length()) {
            throw new BadImage(file, "its sections do not end at the end marker: it is damaged");
        }
        return sessions;
    }

    private static int sessionsVersion(Path file, ByteBuffer header, String name) throws BadImage {
        if (!name.equals("SESS")) {
            throw new BadImage(file, "its first section is " + name + " instead of SESS: it is damaged, or foreign");
        }
        int version = (header.get(5) - '0' & 0xF) << 4 | (header.get(7) - '0' & 0xF);
        if (version > NEWEST_SESSIONS) {
            throw new BadImage(
                    file, "its section SESS has a newer version than any known one. It comes from a newer MooseFS");
        }
        return version;
    }

    private static ByteBuffer at(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
            // a read may give less than asked for
        }
        return bytes.flip().limit(length).position(0);
    }

    private static String text(ByteBuffer bytes, int length) {
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
