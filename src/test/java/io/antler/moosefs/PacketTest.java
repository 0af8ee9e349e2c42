package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes are captured from a 3.0.117 and a 4.57.5 master. */
class PacketTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static MasterPacket parse(String digits) throws IOException {
        return MasterPacket.parse(new PacketReader(new ByteArrayInputStream(hex(digits))).read());
    }

    private static void assertBytes(String digits, Packet packet) {
        assertEquals(ByteString.fromArray(hex(digits)), packet.encode());
    }

    @Test
    void requestsHaveTheBytesThatMastersUnderstand() {
        assertBytes("00000000 00000000", Packet.nop());
        assertBytes("00000032 0000000F 02 0004390A 000A 0000000000000001", Packet.register(1, 10));
        assertBytes("0000000A 00000004 11223344", Packet.getVersion(0x11223344));
        assertBytes("0000003C 00000001 01", Packet.downloadStart(1));
        assertBytes("0000003E 0000000C 0000000000000000 00000008", Packet.downloadRequest(0, 8));
        assertBytes("00000040 00000000", Packet.of(Packet.DOWNLOAD_END));
    }

    @Test
    void whatAMasterSendsIsUnderstood() throws IOException {
        assertEquals(
                new MasterPacket.LogData(new Change(1, "1795373735|SETMETAID(7711071477388608453)")),
                parse("00000033 00000033 FF 0000000000000001 31373935333733373335 7C 5345544D4554414944 28"
                        + "37373131303731343737333838363038343533 29 00"));
        assertEquals(
                new MasterPacket.LogData(new Change(4, "1795374474|CREATE(2,f %2Cx,1,438,18,0,0,0):3")),
                parse("00000033 00000036 FF 0000000000000004"
                        + "313739353337343437347C43524541544528322C662025324378"
                        + "2C312C3433382C31382C302C302C30293A3300"));
        assertEquals(new MasterPacket.LogRotate(), parse("00000033 00000001 55"));
        assertEquals(new MasterPacket.Nop(), parse("00000000 00000000"));
        assertEquals(
                new MasterPacket.Version(0x11223344, new Release(0x000300EA), "3.0.117-1"),
                parse("0000000B 00000011 11223344 000300EA 332E302E3131372D31"));
        assertEquals(
                new MasterPacket.MasterAck(MasterPacket.MasterAck.TOO_OLD, new Release(0x0004390A)),
                parse("00000034 00000005 01 0004390A"));
        assertEquals(new MasterPacket.ForceTimeout(15), parse("00000005 00000002 000F"));
        assertEquals(
                new MasterPacket.Other(new Packet(61, ByteString.fromArray(hex("FF")))), parse("0000003D 00000001 FF"));
    }

    @Test
    void bytesOfATextComeBackAsTheyWere() throws IOException {
        var log = (MasterPacket.LogData) parse("00000033 0000000D FF 0000000000000007 80FFC3 00");

        assertEquals("\u0080\u00FF\u00C3", log.change().text());
    }

    @Test
    void aPacketOfTheWrongFormIsNamed() {
        for (String bad : new String[] {
            "00000033 00000000", // no kind
            "00000033 00000001 AA", // Pro only
            "00000033 00000001 12",
            "00000033 00000002 5500",
            "00000033 00000009 FF 0000000000000001", // no NUL
            "00000033 0000000B FF 0000000000000001 4141",
            "00000033 0000000C FF 0000000000000001 410000", // two NULs
            "00000033 0000000B FF 8000000000000001 4100", // version above 2^63
            "0000000B 00000004 000300EA",
            "00000034 00000004 00000000",
            "00000005 00000001 0A"
        }) {
            assertThrows(BadPacket.class, () -> parse(bad), bad);
        }
    }

    @Test
    void anAnnouncedLengthAboveTheLimitIsNotWaitedFor() {
        var tooLong = assertThrows(BadPacket.class, () -> parse("00000033 0016E361"));
        assertThrows(BadPacket.class, () -> parse("48545450 FFFFFFFF")); // somebody who is no master

        assertTrue(String.valueOf(tooLong.getMessage()).contains("1500001"), tooLong.toString());
        assertThrows(EOFException.class, () -> parse("00000033 0016E360"));
    }

    @Test
    void packetsAreFoundHoweverTheBytesArrive() throws IOException {
        var random = new Random(7);
        var all = ByteString.createBuilder();
        for (int i = 0; i < 300; i++) {
            byte[] payload =
                    new byte[random.nextInt(10) == 0 ? random.nextInt(Packet.MAX_LENGTH / 8) : random.nextInt(200)];
            all.append(new Packet(i, ByteString.fromArray(payload)).encode());
        }
        all.append(new Packet(300, ByteString.fromArray(new byte[Packet.MAX_LENGTH])).encode());
        var packets = new PacketReader(new Dribble(all.result().toArray(), random));

        for (int i = 0; i <= 300; i++) {
            assertEquals(i, packets.read().type());
        }
        assertNull(packets.poll());
        assertThrows(EOFException.class, packets::read);
    }

    @Test
    void aReleaseReadsAsItsPackageIsNamed() {
        assertEquals("3.0.117", new Release(0x000300EA).toString());
        assertEquals("4.57.5", new Release(0x0004390A).toString());
        assertEquals("1.7.25", new Release(0x00010719).toString());
        assertEquals("4.57.5 Pro", new Release(0x0004390B).toString());
    }

    /** Gives a random number of bytes at a time. */
    private static final class Dribble extends InputStream {
        private final ByteArrayInputStream bytes;
        private final Random random;

        Dribble(byte[] bytes, Random random) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes.read(into, offset, Math.min(length, 1 + random.nextInt(random.nextBoolean() ? 10 : 200_000)));
        }

        @Override
        public int available() {
            return bytes.available();
        }
    }
}
