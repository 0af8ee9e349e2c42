package io.antler.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.metalogger.Checkpoint;
import io.antler.metalogger.Checkpoints;
import io.antler.moosefs.BadImage;
import io.antler.moosefs.MasterConfig;
import io.antler.moosefs.MetadataId;
import io.antler.restore.StandbySettings;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path operators;
    private Adoption adoption;

    @BeforeEach
    void anOperatorsDirectory() throws IOException {
        operators = Files.createDirectory(directory.resolve("operators"));
        var config = new MasterConfig(directory.resolve("mfsmaster.cfg"), Map.of("DATA_PATH", operators.toString()));
        var firstRun = new StandbySettings(
                Path.of("/nonexistent/mfsmaster"),
                directory.resolve("first-run.cfg"),
                directory.resolve("first-run"),
                "root",
                Optional.empty());
        adoption = new Adoption(config, firstRun, Checkpoints.open(directory.resolve("checkpoints")));
    }

    private static byte[] image(long version, long id) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeBytes("MFSM 2.0");
        out.writeLong(version);
        out.writeLong(id);
        out.writeBytes("SESS 1.5");
        out.writeLong(0);
        out.writeBytes("[MFS EOF MARKER]");
        return bytes.toByteArray();
    }

    @Test
    void aCleanImageBecomesACheckpointAndTheOperatorsFileStays() throws Exception {
        Files.write(operators.resolve("metadata.mfs"), image(1207, 0x6B05L));

        Checkpoint checkpoint = adoption.takeImage();

        assertEquals(1207, checkpoint.version());
        assertEquals("0000000000006B05", checkpoint.id().toString());
        assertTrue(Files.exists(operators.resolve("metadata.mfs")));
        assertFalse(Files.exists(operators.resolve(Adoption.MARKER)));
    }

    @Test
    void aMarkedDirectoryIsRefused() throws Exception {
        Files.write(operators.resolve("metadata.mfs"), image(1207, 0x6B05L));
        adoption.mark("adopted");

        assertRefused("was adopted before");
    }

    @Test
    void aDirectoryWithOnlyAnOldImageIsRefused() throws Exception {
        Files.write(operators.resolve("metadata.mfs.back"), image(1207, 0x6B05L));

        assertRefused("was not stopped cleanly");
    }

    @Test
    void anEmptyDirectoryIsRefused() {
        assertRefused("holds no metadata.mfs");
    }

    @Test
    void aTruncatedImageIsNamed() throws Exception {
        byte[] whole = image(1207, 0x6B05L);
        Files.write(operators.resolve("metadata.mfs"), java.util.Arrays.copyOf(whole, whole.length - 3));

        var failure = assertThrows(BadImage.class, adoption::takeImage);
        assertTrue(String.valueOf(failure.getMessage()).contains("metadata.mfs"));
    }

    @Test
    void anAttemptThatCameToNothingDoesNotStandInTheWayOfTheNext() throws Exception {
        Files.write(operators.resolve("metadata.mfs"), image(1207, 0x6B05L));
        adoption.takeImage();
        Files.write(operators.resolve("metadata.mfs"), image(1300, 0x7777L));

        Checkpoint second = adoption.takeImage();

        assertEquals(1300, second.version());
        assertTrue(Files.exists(directory.resolve("checkpoints").resolve("1207.mfs.not-adopted")));
    }

    @Test
    void onlyTheAdoptedFileSystemIsMarkedAfterwards() throws Exception {
        Files.write(operators.resolve("metadata.mfs"), image(1207, 0x6B05L));

        assertTrue(adoption.isUnmarked(new MetadataId(0x6B05L)));
        assertFalse(adoption.isUnmarked(new MetadataId(0x7777L)));
        adoption.mark("adopted");
        assertFalse(adoption.isUnmarked(new MetadataId(0x6B05L)));
    }

    @Test
    void aDirectoryInUseIsLeftAlone() throws Exception {
        Files.write(operators.resolve("metadata.mfs"), image(1207, 0x6B05L));
        Path lock = operators.resolve(".mfsmaster.lock");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        lock.toString())
                .start();
        try {
            assertEquals("locked", holder.inputReader(StandardCharsets.US_ASCII).readLine());

            assertRefused("runs on");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        try (FileChannel free = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertTrue(free.tryLock() != null);
        }
    }

    /** Another process, because a record lock of this one would not be seen. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] args) throws IOException {
            try (FileChannel file =
                            FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = file.lock()) {
                System.out.println(lock.isValid() ? "locked" : "not locked");
                System.in.read();
            }
        }
    }

    private void assertRefused(String part) {
        var refusal = assertThrows(AdoptionRefused.class, adoption::takeImage);
        assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal::getMessage);
    }
}
