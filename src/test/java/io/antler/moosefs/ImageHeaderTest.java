package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageHeaderTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    private final Path directory;

    ImageHeaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("metadata.mfs"), content);
    }

    private BadImage bad(byte[] content) throws IOException {
        Path file = file(content);
        var bad = assertThrows(BadImage.class, () -> ImageHeader.read(file));
        assertTrue(String.valueOf(bad.getMessage()).contains(file.toString()), bad.toString());
        return bad;
    }

    private void assertBad(String problem, byte[] content) throws IOException {
        var bad = bad(content);
        assertTrue(String.valueOf(bad.getMessage()).contains(problem), bad.toString());
    }

    @Test
    void versionAndIdOfACompleteImage() throws IOException {
        assertEquals(new ImageHeader(1207, ID, false, 0x15), ImageHeader.read(file(TestImage.of(1207, ID, 100))));
    }

    @Test
    void aFileSystemThatWasNeverStarted() throws IOException {
        assertEquals(
                new ImageHeader(1, MetadataId.NONE, true, 0),
                ImageHeader.read(file("MFSM NEW".getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void anImageCutAnywhereIsRefused() throws IOException {
        byte[] whole = TestImage.of(1207, ID, 50);

        for (int length = 0; length < whole.length; length++) {
            bad(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void anImageCutInTheMiddleButWithItsEndIsRefused() throws IOException {
        byte[] whole = TestImage.of(1207, ID, 50);
        var random = new Random(3);

        for (int i = 0; i < 200; i++) {
            int from = 24 + random.nextInt(whole.length - 16 - 24 - 1);
            int cut = 1 + random.nextInt(whole.length - 16 - from);
            byte[] shorter = Arrays.copyOf(whole, whole.length - cut);
            System.arraycopy(whole, from + cut, shorter, from, whole.length - from - cut);
            if (cut != 66) { // exactly the section NODE: only its loader can miss it
                bad(shorter);
            }
        }
    }

    @Test
    void foreignAndNewerFilesAreNamed() throws IOException {
        byte[] grown = Arrays.copyOf(TestImage.of(1207, ID, 50), 1000);
        byte[] newSessions = TestImage.of(1207, ID, 50);
        newSessions[24 + 7] = '7';

        assertBad(
                "does not begin with",
                "hello, this is a text file with some length".getBytes(StandardCharsets.US_ASCII));
        assertBad("newer MooseFS", TestImage.of("MFSM 2.1", 1207, ID, 50));
        assertBad("newer MooseFS", TestImage.of("MFSM 3.0", 1207, ID, 50));
        assertBad("newer", newSessions);
        assertBad("convert it", TestImage.of("MFSM 1.7", 1207, ID, 50));
        assertBad("its version is 0", TestImage.of(0, ID, 50));
        assertBad("end marker", grown);
        assertBad("instead of 8", Arrays.copyOf("MFSM NEW".getBytes(StandardCharsets.US_ASCII), 9));
    }

    @Test
    void whatIsNoFileIsNamed() {
        var missing = assertThrows(BadImage.class, () -> ImageHeader.read(directory.resolve("none")));
        var noFile = assertThrows(BadImage.class, () -> ImageHeader.read(directory));

        assertTrue(String.valueOf(missing.getMessage()).contains("no such file"), missing.toString());
        assertTrue(String.valueOf(noFile.getMessage()).contains("not a regular file"), noFile.toString());
    }
}
