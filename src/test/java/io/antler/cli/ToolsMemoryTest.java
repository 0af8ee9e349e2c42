package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import io.antler.moosefs.TestImage.Edge;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the files are: with a heap of {@value #HEAP} MiB each command ends, with a result or an error that names the file. */
class ToolsMemoryTest {
    private static final int HEAP = 48;
    private static final long GIB = 1L << 30;
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    private record Result(int code, String said) {}

    private final Path directory;

    ToolsMemoryTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Result run(String command, Object... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + HEAP + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Commands.class.getName()));
        line.addAll(List.of(command.split(" ")));
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        Path said = directory.resolve("said");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        int code = process.waitFor();
        try (var in = Files.newInputStream(said)) {
            String start = new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
            assertTrue(!start.contains("OutOfMemoryError"), start);
            return new Result(code, start);
        }
    }

    /** As large as said, with nothing on disk. */
    private Path sparse(String name, byte[] start, long length) throws IOException {
        Path file = Files.write(directory.resolve(name), start);
        try (var random = new RandomAccessFile(file.toFile(), "rw")) {
            random.setLength(length);
        }
        return file;
    }

    @Test
    void aLineWithoutEnd() throws IOException, InterruptedException {
        byte[] start = "7: 1700000000|CREATE(1,".getBytes(StandardCharsets.US_ASCII);
        Path nuls = sparse("changelog.0.mfs", start, 3 * GIB);
        byte[] text = new byte[64 << 20];
        Arrays.fill(text, (byte) 'x');
        Path letters = Files.write(directory.resolve("changelog.1.mfs"), text);

        for (String command : List.of("changelog verify", "changelog cat", "changelog explain")) {
            for (Path file : List.of(nuls, letters)) {
                Result result = run(command, file);
                assertEquals(3, result.code(), result.said());
                assertTrue(result.said().contains(file + ", byte "), result.said());
            }
        }
    }

    @Test
    void aFewBytesThatDecompressToGigabytes() throws IOException, InterruptedException {
        byte[] zeros = new byte[200 << 20];
        Path bomb = Files.write(directory.resolve("changelog.0.mfs"), Compressed.with(Compression.ZSTD, zeros));

        Result result = run("changelog explain", bomb);

        assertTrue(result.code() == 3 || result.code() == 1, result.toString());
        assertTrue(result.said().contains(bomb.toString()), result.said());
    }

    @Test
    void anImageWhoseLengthsAreLies() throws IOException, InterruptedException {
        byte[] huge = TestImage.withSections(9, ID, TestImage.section("NODE 1.4", new byte[8]));
        byte[] start = Arrays.copyOf(huge, 24 + 16 + 195 + 16);
        ByteBuffer.wrap(start).putLong(start.length - 8, 3 * GIB);
        Path image = sparse("metadata.mfs", start, 3 * GIB);
        byte[] filled = new byte[64 << 20];
        Arrays.fill(filled, (byte) -1);
        Path lies = Files.write(
                directory.resolve("lies.mfs"), TestImage.withSections(9, ID, TestImage.section("XATR 1.0", filled)));

        for (Path file : List.of(image, lies)) {
            Result result = run("image verify", file);
            assertEquals(1, result.code(), result.said());
            assertTrue(result.said().contains(file + " is not a usable metadata image"), result.said());
        }
    }

    @Test
    void moreNamesThanThereIsMemoryFor() throws IOException, InterruptedException {
        Path changes = directory.resolve("changelog.0.mfs");
        try (BufferedWriter out = Files.newBufferedWriter(changes)) {
            for (int i = 2; i < 1_000_000; i++) {
                out.write(i + ": 1700000000|CREATE(1,file number " + i + ",1,420,18,0,0,0):" + i + "\n");
            }
        }
        Edge[] edges = new Edge[200_000];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = new Edge(
                    1, i + 2, "a name that has some length, to fill the memory sooner, " + "x".repeat(100) + i);
        }
        Path image =
                Files.write(directory.resolve("metadata.mfs"), TestImage.withSections(9, ID, TestImage.edges(edges)));

        Result ofChanges = run("changelog explain", changes, "--operation", "IDLE");
        Result ofImage = run("changelog explain", changes, "--image", image);

        assertEquals(1, ofChanges.code(), ofChanges.said());
        assertTrue(ofChanges.said().contains("ANTLER_JVM_FLAGS"), ofChanges.said());
        assertTrue(ofImage.said().contains("ANTLER_JVM_FLAGS"), ofImage.said());
        assertEquals(0, run("changelog verify", changes).code());
        assertEquals(0, run("image verify", image).code());
    }
}
