package io.antler.moosefs;

import io.antler.moosefs.ImageContents.SectionContents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code metadata.crc} that a master writes with each image.
 *
 * <pre>
 * 3.0:                                  { name[4] sum:u32 } for HEAD, each section, TAIL
 * 4.x:  version:u64  metadataId:u64     the same
 * </pre>
 */
public record SumFile(Map<String, Integer> sums) {
    private static final int ENTRY = 8;
    private static final int START_OF_4 = 16;
    private static final int LARGEST = 4096;

    public SumFile {
        sums = Map.copyOf(sums);
    }

    /** Whether it is of this image. */
    public enum Verdict {
        /** Every section that could be looked into is as it was written. */
        EQUAL,
        /** It was written with another one, and says nothing. */
        OF_ANOTHER
    }

    /** Beside an image; empty if there is none. */
    public static Optional<SumFile> beside(Path image) throws IOException {
        Path file = image.resolveSibling("metadata.crc");
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
            return Optional.empty();
        }
        return Optional.of(of(Files.readAllBytes(file)));
    }

    static SumFile of(byte[] content) {
        var sums = new LinkedHashMap<String, Integer>();
        int start = begins(content, START_OF_4) ? START_OF_4 : 0;
        ByteBuffer entries = ByteBuffer.wrap(content);
        for (int at = start; at + ENTRY <= content.length; at += ENTRY) {
            sums.put(new String(content, at, 4, StandardCharsets.ISO_8859_1), entries.getInt(at + 4));
        }
        return new SumFile(sums);
    }

    private static boolean begins(byte[] content, int at) {
        return content.length >= at + 4 && new String(content, at, 4, StandardCharsets.ISO_8859_1).equals("HEAD");
    }

    /** @throws BadImage if it is of this image, and a section is not as it was written */
    public Verdict compare(ImageContents image, String name) throws BadImage {
        Integer head = sums.get("HEAD");
        if (head == null || head != image.headSum()) {
            return Verdict.OF_ANOTHER;
        }
        for (SectionContents contents : image.sections()) {
            Integer sum = sums.get(contents.section().name());
            if (sum == null || (contents.records() >= 0 && sum != contents.sum())) {
                throw new BadImage(
                        name,
                        "its section %s, %d bytes from byte %d on, is not as metadata.crc says: it is damaged"
                                .formatted(
                                        contents.section().name(),
                                        contents.section().length(),
                                        contents.section().offset()));
            }
        }
        return Verdict.EQUAL;
    }
}
