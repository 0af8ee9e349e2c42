package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeTest {
    @Test
    void aLineIsTakenApartAndPutTogether() {
        String line = "4: 1795374474|CREATE(2,f %2Cx: y,1,438,18,0,0,0):3";

        assertEquals(new Change(4, "1795374474|CREATE(2,f %2Cx: y,1,438,18,0,0,0):3"), Change.parse(line));
        assertEquals(line, Change.parse(line).line());
        assertEquals(
                Long.MAX_VALUE, Change.parse("9223372036854775807: 1|IDLE()").version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4",
                "4:",
                "4: ",
                "4:1|IDLE()",
                "4: IDLE()",
                "4: 179537",
                "x: 1|IDLE()",
                "-4: 1|IDLE()",
                "+4: 1|IDLE()",
                " 4: 1|IDLE()",
                "4: 1|IDLE()\n",
                "4: 1|ID\0LE()",
                "9223372036854775808: 1|IDLE()",
                "99999999999999999999: 1|IDLE()",
                "\u0664: 1|IDLE()"
            })
    void whatIsNoChangeIsRefused(String line) {
        assertThrows(BadChange.class, () -> Change.parse(line));
    }

    @Test
    void theMessageNamesTheProblemAndShowsTheBeginning() {
        var bad = assertThrows(BadChange.class, () -> Change.parse("4 1|" + "x".repeat(1000)));

        assertTrue(
                String.valueOf(bad.getMessage()).startsWith("no \": \" after the version: \"4 1|xx"), bad.toString());
        assertTrue(bad.toString().length() < 200);
    }

    @Test
    void aMetadataIdHasSixteenDigits() {
        assertEquals("6B033F33BF7C765B", MetadataId.parse("6b033f33bf7c765b").toString());
        assertEquals("000000000000002A", new MetadataId(42).toString());
        assertEquals(new MetadataId(-1), MetadataId.parse("FFFFFFFFFFFFFFFF"));
        assertThrows(IllegalArgumentException.class, () -> MetadataId.parse("2A"));
        assertTrue(MetadataId.NONE.isNone());
    }
}
