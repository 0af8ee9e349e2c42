package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PassTest {
    @Test
    void threePassesAsObserved() {
        assertEquals(Pass.FIRST_LINE, after(0));
        assertEquals(Pass.LAST_LINE, after(0, 32_768));
        assertEquals(Pass.REPLAY, after(0, 32_768, 0));
        assertEquals(Pass.REPLAY, after(0, 32_768, 0, 4_096, 5_000));
    }

    @Test
    void theNumberOfReadsInAPassDoesNotMatter() {
        assertEquals(Pass.FIRST_LINE, after(0, 50, 0, 4_096));
        assertEquals(Pass.LAST_LINE, after(0, 0, 60_000, 32_768, 28_000));
    }

    private static Pass after(long... positions) {
        Pass pass = Pass.FIRST_LINE;
        for (long position : LongStream.of(positions).toArray()) {
            pass = pass.at(position);
        }
        return pass;
    }
}
