package io.antler.moosefs;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a master sends to a metalogger, as far as it matters to a follower. */
public sealed interface MasterPacket {
    /** One change. */
    record LogData(Change change) implements MasterPacket {}

    /** The master begins a new changelog file: only a hint. */
    record LogRotate() implements MasterPacket {}

    /** Answer to {@link Packet#getVersion}, in order with the changes. */
    record Version(int msgId, Release release, String text) implements MasterPacket {}

    /** Sent by 4.x only, after registration. */
    record MasterAck(int kind, Release release) implements MasterPacket {
        public static final int RESUMED = 0;
        public static final int TOO_OLD = 1;
    }

    record Nop() implements MasterPacket {}

    /** 4.x: use this silence limit from now on. */
    record ForceTimeout(int seconds) implements MasterPacket {}

    record Other(Packet packet) implements MasterPacket {}

    /** @throws BadPacket if the payload does not have the form that belongs to its type */
    static MasterPacket parse(Packet packet) throws BadPacket {
        ByteString payload = packet.payload();
        return switch (packet.type()) {
            case Packet.NOP -> new Nop();
            case Packet.LOG -> log(payload);
            case Packet.VERSION -> version(payload);
            case Packet.MASTER_ACK -> {
                check(payload.length() == 5, "MASTER_ACK", payload);
                var bytes = payload.asByteBuffer();
                yield new MasterAck(bytes.get() & 0xFF, new Release(bytes.getInt()));
            }
            case Packet.FORCE_TIMEOUT -> {
                check(payload.length() == 2, "FORCE_TIMEOUT", payload);
                yield new ForceTimeout(payload.asByteBuffer().getShort() & 0xFFFF);
            }
            default -> new Other(packet);
        };
    }

    private static MasterPacket log(ByteString payload) throws BadPacket {
        check(!payload.isEmpty(), "METACHANGES_LOG", payload);
        return switch (payload.apply(0) & 0xFF) {
            case 0x55 -> {
                check(payload.length() == 1, "LOG_ROTATE", payload);
                yield new LogRotate();
            }
            case 0xFF -> logData(payload);
            case 0xAA -> throw new BadPacket("the master wants changes acknowledged, which only its Pro edition does");
            default -> throw new BadPacket("METACHANGES_LOG of an unknown kind " + (payload.apply(0) & 0xFF));
        };
    }

    private static LogData logData(ByteString payload) throws BadPacket {
        int last = payload.length() - 1;
        check(last >= 9 && payload.apply(last) == 0, "LOG_DATA", payload);
        ByteBuffer bytes = payload.asByteBuffer();
        bytes.get();
        long version = bytes.getLong();
        String text = payload.slice(9, last).decodeString(StandardCharsets.ISO_8859_1);
        if (version < 0 || text.indexOf('\0') >= 0 || text.indexOf('\n') >= 0) {
            throw new BadPacket("LOG_DATA of version " + Long.toUnsignedString(version)
                    + " has a NUL or line feed in its text, or a version above 2^63 - 1");
        }
        return new LogData(new Change(version, text));
    }

    private static Version version(ByteString payload) throws BadPacket {
        check(payload.length() >= 8, "VERSION", payload);
        ByteBuffer bytes = payload.asByteBuffer();
        return new Version(
                bytes.getInt(), new Release(bytes.getInt()), payload.drop(8).decodeString(StandardCharsets.ISO_8859_1));
    }

    private static void check(boolean holds, String name, ByteString payload) throws BadPacket {
        if (!holds) {
            throw new BadPacket(name + " with " + payload.length() + " bytes does not have the form it must have");
        }
    }
}
