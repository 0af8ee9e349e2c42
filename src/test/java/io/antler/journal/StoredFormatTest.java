package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes here are on disks: a change that breaks this test needs a new format number. */
class StoredFormatTest {
    private static final Envelope EVENT = new Envelope(33, "m", "", "w", 7, ByteString.fromString("hi"));
    private static final Member MEMBER = new Member(
            new NodeId("n1"), new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 9430), Member.Kind.LEARNER);
    private static final String EVENT_BYTES =
            "01" + "00000021" + "00016d" + "0000" + "000177" + "0000000000000007" + "000000026869";

    @Test
    void anEventIsStoredAsItAlwaysWas() {
        assertArrayEquals(HexFormat.of().parseHex(EVENT_BYTES), EVENT.encoded());
        assertEquals(EVENT, Envelope.decode(EVENT.encoded()));
    }

    @Test
    void anAppendIsLoggedAsItAlwaysWas() {
        var append = new Entry.Append("p", new Epoch(2), 5, List.of(EVENT.encoded()));

        assertEquals(
                "0101" + "000170" + "0000000000000002" + "0000000000000005" + "00000001" + "0000001b" + EVENT_BYTES,
                HexFormat.of().formatHex(append.encoded()));
        var decoded = (Entry.Append) Entry.decode(ByteBuffer.wrap(append.encoded()));
        assertEquals(append.first(), decoded.first());
        assertArrayEquals(EVENT.encoded(), decoded.events().getFirst());
    }

    @Test
    void aMemberIsLoggedAsItAlwaysWas() {
        assertEquals(
                "010c" + "00026e31" + "00026e31" + "000831302e302e302e31" + "24d6" + "02" + "0000000000000003"
                        + "0000000000000004",
                HexFormat.of().formatHex(new Entry.Enlist(MEMBER, new UUID(3, 4)).encoded()));
    }

    static Stream<Entry> entries() {
        return Stream.of(
                new Entry.TakeOver("p", new Epoch(2)),
                new Entry.RenewLease("p", new Epoch(2)),
                new Entry.ReleaseLease("p", new Epoch(2)),
                new Entry.DeleteTo("p", 2),
                new Entry.TakeSideLease("x", "a", 3),
                new Entry.RenewSideLease("x", "a"),
                new Entry.ReleaseSideLease("x", "a", 4),
                new Entry.Found(new UUID(1, 2)),
                new Entry.Enlist(MEMBER, new UUID(3, 4)),
                new Entry.Dismiss(new NodeId("n1"), new UUID(3, 4)));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aLogEntryComesBackAsItWas(Entry entry) {
        assertEquals(entry, Entry.decode(ByteBuffer.wrap(entry.encoded())));
    }

    @Test
    void whatANewerReleaseWroteIsRefusedWithWhatToDo() {
        byte[] newer = EVENT.encoded();
        newer[0] = 2;

        var refused = assertThrows(UncheckedIOException.class, () -> Envelope.decode(newer));

        assertTrue(String.valueOf(refused.getMessage()).contains("install that release"), refused.getMessage());
    }

    @Test
    void aTruncatedEventIsRefused() {
        byte[] whole = EVENT.encoded();
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);

        assertThrows(UncheckedIOException.class, () -> Envelope.decode(cut));
    }
}
