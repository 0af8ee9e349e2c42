package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.invariant.InvariantBroken;
import io.antler.moosefs.Change;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FedFileTest {
    private final Path path;

    FedFileTest(@TempDir Path directory) {
        this.path = directory.resolve("changelog_ml.0.mfs");
    }

    @Test
    void aPlaceholderOfTheImagesVersionStandsThereUntilTheReplay() throws Exception {
        try (FedFile fed = FedFile.create(path, 7)) {
            assertTrue(Files.size(path) >= FedFile.PLACEHOLDER_BYTES);
            assertTrue(text().endsWith("\n7: 0|ANTLER_IS_GONE()\n"));

            fed.append(List.of(change(7), change(8)));
            assertTrue(text().endsWith("\n7: 0|ANTLER_IS_GONE()\n"));

            fed.beginReplay();
            assertEquals("7: 1|X()\n8: 1|X()\n", text());
            assertEquals(text().length(), fed.end());
            assertEquals(9, fed.next());
            assertFalse(Files.exists(path.resolveSibling("antler.backlog")));
        }
    }

    @Test
    void theGuardStandsBehindTheLastChangeOnlyWhileTheReadIsHeld() throws Exception {
        try (FedFile fed = FedFile.create(path, 7)) {
            fed.beginReplay();
            assertEquals("", text());

            fed.addGuard();
            assertEquals("7: 0|ANTLER_IS_GONE()\n", text());
            assertEquals(0, fed.end());

            fed.append(List.of(change(7)));
            assertEquals("7: 1|X()\n", text());

            fed.addGuard();
            assertEquals("7: 1|X()\n8: 0|ANTLER_IS_GONE()\n", text());
            fed.removeGuard();
            assertEquals("7: 1|X()\n", text());
        }
    }

    @Test
    void aHoleIsRefusedAndNothingIsWritten() throws Exception {
        try (FedFile fed = FedFile.create(path, 7)) {
            fed.beginReplay();

            assertThrows(InvariantBroken.class, () -> fed.append(List.of(change(7), change(9))));
            assertThrows(InvariantBroken.class, () -> fed.append(List.of(change(6))));

            assertEquals("", text());
            assertEquals(7, fed.next());
        }
    }

    @Test
    void bytesComeBackAsTheyWere() throws Exception {
        try (FedFile fed = FedFile.create(path, 7)) {
            fed.beginReplay();

            fed.append(List.of(new Change(7, "1|CREATE(1,\u00c3\u00a4\u0080)")));

            assertEquals("7: 1|CREATE(1,\u00c3\u00a4\u0080)\n", text());
        }
    }

    private static Change change(long version) {
        return new Change(version, "1|X()");
    }

    private String text() throws Exception {
        return Files.readString(path, StandardCharsets.ISO_8859_1);
    }
}
