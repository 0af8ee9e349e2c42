package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void aReplayShowsHowFarItIsAndHowLongItWillTake() {
        assertEquals(
                "[##########                    ]  33 %, version 200 of 400, 1 min 20 s left",
                ProgressLine.replay(200, 100, 400, Duration.ofSeconds(40)));
        assertEquals(
                "[                              ]   0 %, version 100 of 400",
                ProgressLine.replay(100, 100, 400, Duration.ofSeconds(1)));
        assertEquals(
                "[##############################] 100 %, version 100 of 100, 0 s left",
                ProgressLine.replay(100, 100, 100, Duration.ofSeconds(1)));
    }

    @Test
    void theLineIsTakenAwayAtTheEnd() {
        var terminal = new StringWriter();
        try (var line = new ProgressLine(new PrintWriter(terminal), true)) {
            line.reading(7);
        }

        assertEquals("\rreading changelogs, version 7\r" + " ".repeat(29) + "\r", terminal.toString());
    }

    @Test
    void nothingIsPrintedWhereThereIsNoTerminal() {
        var terminal = new StringWriter();
        try (var line = new ProgressLine(new PrintWriter(terminal), false)) {
            line.replaying(1, 1, 2);
        }

        assertTrue(terminal.toString().isEmpty());
    }
}
