package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    private final Path temporary;
    private final Path directory;

    CheckpointsTest(@TempDir Path temporary) {
        this.temporary = temporary;
        this.directory = temporary.resolve("checkpoints");
    }

    private static Checkpoint add(Checkpoints store, byte[] image) throws IOException {
        return store.add(new ByteArrayInputStream(image), "test");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestIsTheHighestVersionAlsoAfterOpeningAgain() throws IOException {
        var store = Checkpoints.open(directory);
        assertEquals(Optional.empty(), store.newest());
        assertEquals(Optional.empty(), store.metadataId());

        add(store, TestImage.of(900, ID, 10));
        var newest = add(store, TestImage.of(1207, ID, 10));
        add(store, TestImage.of(1000, ID, 10));

        assertEquals(Optional.of(newest), store.newest());
        assertEquals(store.all(), Checkpoints.open(directory).all());
        assertEquals(
                List.of(900L, 1000L, 1207L),
                store.all().stream().map(Checkpoint::version).toList());
        assertEquals(Optional.of(ID), store.metadataId());
        assertArrayEquals(TestImage.of(1207, ID, 10), Files.readAllBytes(newest.image()));
        assertEquals(
                List.of("1000.mfs", "1000.mfs.sha256", "1207.mfs", "1207.mfs.sha256", "900.mfs", "900.mfs.sha256"),
                names());
    }

    @Test
    void aVersionThatIsHereIsNotReplaced() throws IOException {
        var store = Checkpoints.open(directory);
        var first = add(store, TestImage.of(1207, ID, 10));

        assertEquals(first, add(store, TestImage.of(1207, ID, 10)));
        var refused = assertThrows(IOException.class, () -> add(store, TestImage.of(1207, ID, 20)));

        assertTrue(String.valueOf(refused.getMessage()).contains("two images of version 1207"), refused.toString());
        assertArrayEquals(TestImage.of(1207, ID, 10), Files.readAllBytes(first.image()));
    }

    @Test
    void anotherFileSystemIsRefused() throws IOException {
        var store = Checkpoints.open(directory);
        add(store, TestImage.of(1207, ID, 10));

        var refused = assertThrows(IOException.class, () -> add(store, TestImage.of(1300, new MetadataId(7), 10)));
        var never = assertThrows(IOException.class, () -> add(store, "MFSM NEW".getBytes(StandardCharsets.US_ASCII)));

        assertTrue(String.valueOf(refused.getMessage()).contains("never mix"), refused.toString());
        assertTrue(String.valueOf(never.getMessage()).contains("never started"), never.toString());
        assertEquals(List.of("1207.mfs", "1207.mfs.sha256"), names());
    }

    @Test
    void whatIsNoImageLeavesNothingBehind() throws IOException {
        var store = Checkpoints.open(directory);
        Path text = Files.writeString(temporary.resolve("text"), "hello");

        assertThrows(BadImage.class, () -> store.add(text));

        assertEquals(List.of(), names());
        assertTrue(Files.exists(text));
    }

    @Test
    void aDamagedImageIsSetAsideAndTheOneBeforeIsUsed() throws IOException {
        var store = Checkpoints.open(directory);
        var older = add(store, TestImage.of(900, ID, 10));
        var damaged = add(store, TestImage.of(1207, ID, 10));
        byte[] bytes = Files.readAllBytes(damaged.image());
        bytes[bytes.length - 20] ^= 1;
        Files.write(damaged.image(), bytes);

        var reopened = Checkpoints.open(directory);

        assertEquals(Optional.of(older), reopened.newest());
        assertFalse(Files.exists(damaged.image()));
        assertArrayEquals(bytes, Files.readAllBytes(directory.resolve("1207.mfs.damaged")));
    }

    @Test
    void whatAnInterruptedAddLeftIsRemoved() throws IOException {
        var store = Checkpoints.open(directory);
        var kept = add(store, TestImage.of(900, ID, 10));
        Files.writeString(directory.resolve("incoming.tmp"), "half");
        Files.writeString(directory.resolve("1207.mfs.sha256"), "no image");

        assertEquals(Optional.of(kept), Checkpoints.open(directory).newest());
        assertEquals(List.of("900.mfs", "900.mfs.sha256"), names());
    }
}
