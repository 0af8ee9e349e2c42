package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EpochTest {
    @Test
    void theNextEpochIsNewer() {
        Epoch next = new Epoch(4).next();

        assertEquals(new Epoch(5), next);
        assertTrue(next.compareTo(new Epoch(4)) > 0);
    }

    @Test
    void aNegativeEpochIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Epoch(-1));
    }
}
