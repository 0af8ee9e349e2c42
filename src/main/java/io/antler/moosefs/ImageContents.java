package io.antler.moosefs;

import io.antler.moosefs.ImageReader.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;

/**
 * What is in an image, found by going through every record of every section once. Nothing of it is kept.
 *
 * @param sections in the order of the file
 * @param headSum and {@code endSum}: as {@link SectionContents#sum} of what is before and behind the sections
 */
public record ImageContents(
        ImageHeader header, List<SectionContents> sections, Map<String, Long> nodes, int headSum, int endSum) {
    /**
     * @param records -1: its version is of an older or a newer MooseFS and was not looked into
     * @param sum the XOR of the CRC-32 of each piece in which a master writes the section, as {@code metadata.crc} has it
     */
    public record SectionContents(Section section, long records, int sum) {}

    public ImageContents {
        sections = List.copyOf(sections);
        nodes = Map.copyOf(nodes);
    }

    /** Of the masters that write such an image. */
    public String generation() {
        return switch (header.sessionsVersion()) {
            case 0 -> "none, it is a new file system";
            case 0x16 -> "4.x";
            case 0x15 -> "3.0";
            default -> "before 3.0.117";
        };
    }

    /** Of the inodes of all kinds; -1: not known. */
    public long inodes() {
        return sections.stream()
                .filter(contents -> contents.section().name().equals("NODE"))
                .mapToLong(SectionContents::records)
                .findFirst()
                .orElse(-1);
    }

    /** Sections of versions that are not known, so that nobody can say whether they are whole. */
    public List<Section> unknown() {
        return sections.stream()
                .filter(contents -> contents.records() < 0)
                .map(SectionContents::section)
                .toList();
    }

    /**
     * @param progress hears how many bytes were read, now and then
     * @throws BadImage if it is damaged or incomplete; the message says where
     */
    public static ImageContents read(ImageReader image, LongConsumer progress) throws IOException {
        ImageHeader start = image.checkedHeader();
        if (start.isNew()) {
            return new ImageContents(start, List.of(), Map.of(), 0, 0);
        }
        var reading = new Reading(image, progress);
        for (Section section = image.next(); section != null; section = image.next()) {
            reading.section(section);
        }
        int sessions = reading.contents.getFirst().section().version();
        var header = new ImageHeader(start.version(), start.id(), false, sessions);
        return new ImageContents(
                header,
                reading.contents,
                reading.shownNodes(),
                headSum(header),
                crc(ImageReader.END.getBytes(StandardCharsets.US_ASCII)));
    }

    private static int headSum(ImageHeader header) {
        byte[] numbers = ByteBuffer.allocate(16)
                .putLong(header.version())
                .putLong(header.id().value())
                .array();
        return crc("MFSM 2.0".getBytes(StandardCharsets.US_ASCII)) ^ crc(numbers);
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static final class Reading {
        private static final int SESSIONS_OF_4 = 0x16;
        private static final int MOST_CHUNKS = 65_536; // in one piece
        private static final int MOST_FREED = 1024;
        private static final int MOST_ACL_ENTRIES = 100;
        private static final int TOLD_EVERY = 1 << 14;
        private static final String[] NODES = {
            "",
            "files",
            "directories",
            "symlinks",
            "fifos",
            "block devices",
            "character devices",
            "sockets",
            "files in the trash",
            "removed files that are open"
        };

        private final ImageReader image;
        private final LongConsumer progress;
        private final List<SectionContents> contents = new ArrayList<>();
        private final CRC32 crc = new CRC32();
        private final long[] nodes = new long[NODES.length];
        private int sum;
        private long records;
        private boolean of4;

        Reading(ImageReader image, LongConsumer progress) {
            this.image = image;
            this.progress = progress;
        }

        Map<String, Long> shownNodes() {
            var shown = new LinkedHashMap<String, Long>();
            for (int type = 1; type < NODES.length; type++) {
                if (nodes[type] > 0) {
                    shown.put(NODES[type], nodes[type]);
                }
            }
            return shown;
        }

        void section(Section section) throws IOException {
            if (contents.isEmpty()) {
                of4 = section.version() == SESSIONS_OF_4;
            }
            sum = headerSum(section);
            records = 0;
            if (!known(section)) {
                contents.add(new SectionContents(section, -1, 0));
                return;
            }
            if (image.left() > 0) {
                throw image.bad("its section " + section.name() + " ends at byte " + image.offset() + ", "
                        + image.left() + " bytes before its length says");
            }
            contents.add(new SectionContents(section, records, sum));
        }

        private static int headerSum(Section section) {
            byte[] header = ByteBuffer.allocate(16)
                    .put(section.name().getBytes(StandardCharsets.US_ASCII))
                    .put((byte) ' ')
                    .put(section.shownVersion().getBytes(StandardCharsets.US_ASCII))
                    .putLong(-1)
                    .array();
            return ImageContents.crc(header)
                    ^ ImageContents.crc(
                            ByteBuffer.allocate(8).putLong(section.length()).array());
        }

        private boolean known(Section section) throws IOException {
            switch (section.name() + " " + section.shownVersion()) {
                case "SESS 1.5", "SESS 1.6" -> sessions();
                case "SCLA 1.6" -> classesOf3();
                case "SCLA 1.<" -> classesOf4();
                case "PATT 1.1" -> patterns();
                case "NODE 1.4" -> nodes();
                case "EDGE 1.1" -> edges();
                case "FREE 1.0" -> freed();
                case "QUOT 1.1" -> counted(70);
                case "XATR 1.0" -> attributes();
                case "PACL 1.1" -> acls();
                case "OPEN 1.0" -> ended(8);
                case "FLCK 1.0" -> ended(17);
                case "PLCK 1.0" -> ended(37);
                case "CSDB 1.3" -> counted(13);
                case "CHNK 1.1" -> chunksOf3();
                case "CHNK 1.2" -> chunksOf4();
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** A piece that a master writes at once. */
        private int piece(int length) throws IOException {
            int at = image.take(length);
            crc.reset();
            crc.update(image.buffer(), at, length);
            sum ^= (int) crc.getValue();
            return at;
        }

        private void record() {
            if (++records % TOLD_EVERY == 0) {
                progress.accept(image.offset());
            }
        }

        /** Looks at the next bytes without going over them. */
        private int ahead(int length) throws IOException {
            int at = image.take(length);
            image.back(length);
            return at;
        }

        private boolean zeros(int at, int length) {
            for (int i = at; i < at + length; i++) {
                if (image.buffer()[i] != 0) {
                    return false;
                }
            }
            return true;
        }

        private int length(int at, String what) throws BadImage {
            int length = image.u32(at);
            if (length < 0 || length > ImageReader.LARGEST) {
                throw image.bad(
                        what + " at byte " + image.offset() + " has " + Integer.toUnsignedString(length) + " bytes");
            }
            return length;
        }

        private void sessions() throws IOException {
            int counters = image.u16(piece(6) + 4);
            while (true) {
                int at = piece(61 + 8 * counters);
                if (image.u32(at) == 0) {
                    return;
                }
                int info = length(at + 12, "a mount point");
                if (info > 0) {
                    piece(info);
                }
                record();
            }
        }

        private void classesOf3() throws IOException {
            int masks = image.u8(piece(1));
            while (true) {
                int at = ahead(10);
                if (zeros(at, 10)) {
                    piece(10);
                    return;
                }
                int slots = image.u8(at + 7) + image.u8(at + 8) + image.u8(at + 9);
                piece(10 + image.u8(at + 2) + slots * masks * 4);
                record();
            }
        }

        private void classesOf4() throws IOException {
            int expression = image.u16(piece(3));
            while (image.u16(ahead(2)) != 0) {
                int at = ahead(50) + 2;
                int labels = image.u8(at + 22) + image.u8(at + 28) + image.u8(at + 34) + image.u8(at + 41);
                long length = 50L + image.u8(at) + image.u8(at + 1) + (long) labels * expression;
                if (length > ImageReader.LARGEST) {
                    throw image.bad("a storage class at byte " + image.offset() + " has " + length + " bytes");
                }
                piece((int) length);
                record();
            }
            piece(2);
        }

        private void patterns() throws IOException {
            while (true) {
                int at = ahead(9);
                if (image.u8(at) == 0) {
                    piece(9);
                    return;
                }
                piece(16 + image.u8(at));
                record();
            }
        }

        private void nodes() throws IOException {
            piece(8);
            while (true) {
                int type = image.u8(ahead(1));
                if (type == 0) {
                    piece(1);
                    return;
                }
                if (type >= NODES.length) {
                    throw image.bad("an inode at byte " + image.offset() + " is of the unknown type " + type);
                }
                node(type);
                nodes[type]++;
                record();
            }
        }

        private void node(int type) throws IOException {
            switch (type) {
                case 1, 8, 9 -> {
                    int at = piece(44);
                    chunks(Integer.toUnsignedLong(image.u32(at + 40)));
                }
                case 3 -> {
                    int length = length(piece(36) + 32, "the target of a symlink");
                    if (length > 0) {
                        piece(length);
                    }
                }
                case 5, 6 -> piece(36);
                default -> piece(32);
            }
        }

        private void chunks(long count) throws IOException {
            for (long left = count; left > 0; left -= MOST_CHUNKS) {
                piece(8 * (int) Math.min(left, MOST_CHUNKS));
            }
        }

        private void edges() throws IOException {
            piece(8);
            while (true) {
                int at = ahead(18);
                if (image.u32(at) == 0 && image.u32(at + 4) == 0) {
                    piece(18);
                    return;
                }
                piece(18 + image.u16(at + 16));
                record();
            }
        }

        private void freed() throws IOException {
            long left = Integer.toUnsignedLong(image.u32(piece(4)));
            int atOnce = of4 ? 1 : MOST_FREED;
            while (left > 0) {
                int now = (int) Math.min(left, atOnce);
                piece(8 * now);
                left -= now;
                for (int i = 0; i < now; i++) {
                    record();
                }
            }
        }

        private void counted(int length) throws IOException {
            for (long left = Integer.toUnsignedLong(image.u32(piece(4))); left > 0; left--) {
                piece(length);
                record();
            }
        }

        /** Until one of zeros. */
        private void ended(int length) throws IOException {
            while (!zeros(piece(length), length)) {
                record();
            }
        }

        private void attributes() throws IOException {
            while (true) {
                int at = piece(9);
                if (image.u32(at) == 0) {
                    return;
                }
                int name = image.u8(at + 4);
                int value = length(at + 5, "an extended attribute");
                piece(name);
                if (value > 0) {
                    piece(value);
                }
                record();
            }
        }

        private void acls() throws IOException {
            while (true) {
                int at = piece(17);
                if (image.u32(at) == 0) {
                    return;
                }
                int left = image.u16(at + 13) + image.u16(at + 15);
                while (left > 0) {
                    int now = Math.min(left, MOST_ACL_ENTRIES);
                    piece(6 * now);
                    left -= now;
                }
                record();
            }
        }

        private void chunksOf3() throws IOException {
            piece(8);
            ended(17);
        }

        private void chunksOf4() throws IOException {
            piece(8);
            while (true) {
                int at = piece(18);
                if (zeros(at, 18)) {
                    return;
                }
                int pairs = image.u8(at + 17) | (image.u8(at + 16) & 0x80) << 1;
                if (pairs > 0) {
                    piece(4 * pairs + (pairs > 1 ? 1 : 0));
                }
                record();
            }
        }
    }
}
