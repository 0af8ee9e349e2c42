package io.antler.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files with content, and the checksums they must have afterwards. */
record DataFiles(Map<String, String> checksums) {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int SMALLEST = 100_000;
    private static final int LARGEST = 2_000_000;

    DataFiles {
        checksums = Map.copyOf(checksums);
    }

    /** Writes and forces them to the chunkservers. */
    static DataFiles write(Path directory, int count) {
        return Await.bounded(LIMIT, "writing data files", () -> {
            Files.createDirectories(directory);
            var random = new Random(count);
            var checksums = new LinkedHashMap<String, String>();
            for (int number = 0; number < count; number++) {
                byte[] content = new byte[random.nextInt(SMALLEST, LARGEST)];
                random.nextBytes(content);
                String name = "data%03d".formatted(number);
                force(directory.resolve(name), content);
                checksums.put(name, checksum(content));
            }
            return new DataFiles(checksums);
        });
    }

    /** What is wrong with which file; empty if all is right. */
    List<String> verify(Path directory) {
        var wrong = new ArrayList<String>();
        checksums.keySet().stream().sorted().forEach(name -> {
            try {
                byte[] content =
                        Await.bounded(LIMIT, "reading " + name, () -> Files.readAllBytes(directory.resolve(name)));
                if (!checksum(content).equals(checksums.get(name))) {
                    wrong.add(name + ": other content, " + content.length + " bytes");
                }
            } catch (IllegalStateException e) {
                wrong.add(e.getMessage());
            }
        });
        return wrong;
    }

    private static void force(Path file, byte[] content) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static String checksum(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
