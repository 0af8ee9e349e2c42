package io.antler.moosefs;

import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.nio.ByteOrder;

/**
 * The frame of everything that MooseFS programs say to each other: {@code type:u32 length:u32 payload}, big-endian.
 *
 * @param type see the constants; a few of the many
 * @param payload at most {@link #MAX_LENGTH} bytes
 */
public record Packet(int type, ByteString payload) {
    /** A master closes a connection that announces more. */
    public static final int MAX_LENGTH = 1_500_000;

    public static final int HEADER = 8;

    public static final int NOP = 0;
    public static final int FORCE_TIMEOUT = 5;
    public static final int GET_VERSION = 10;
    public static final int VERSION = 11;
    public static final int REGISTER = 50;
    public static final int LOG = 51;
    public static final int MASTER_ACK = 52;
    public static final int DOWNLOAD_START = 60;
    public static final int DOWNLOAD_INFO = 61;
    public static final int DOWNLOAD_REQUEST = 62;
    public static final int DOWNLOAD_DATA = 63;
    public static final int DOWNLOAD_END = 64;
    public static final int INFO = 510;
    public static final int INFO_ANSWER = 511;
    public static final int MODULE_INFO = 530;
    public static final int MODULE_INFO_ANSWER = 531;

    public Packet {
        if (payload.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "packet of type " + type + " with " + payload.length() + " bytes: at most " + MAX_LENGTH);
        }
    }

    public static Packet of(int type) {
        return new Packet(type, ByteString.emptyByteString());
    }

    public static Packet nop() {
        return of(NOP);
    }

    /** Asks for every change from version {@code start} on, then all that come; the master closes after that silence. */
    public static Packet register(long start, int timeoutSeconds) {
        return new Packet(
                REGISTER,
                builder()
                        .putByte((byte) 2)
                        .putInt(Release.OURS.code(), ByteOrder.BIG_ENDIAN)
                        .putShort(timeoutSeconds, ByteOrder.BIG_ENDIAN)
                        .putLong(start, ByteOrder.BIG_ENDIAN)
                        .result());
    }

    public static Packet getVersion(int msgId) {
        return new Packet(
                GET_VERSION, builder().putInt(msgId, ByteOrder.BIG_ENDIAN).result());
    }

    public static Packet downloadStart(int file) {
        return new Packet(DOWNLOAD_START, builder().putByte((byte) file).result());
    }

    /** Never ask for more than 1 000 000 bytes: a huge length corrupts the master's memory. */
    public static Packet downloadRequest(long offset, int length) {
        return new Packet(
                DOWNLOAD_REQUEST,
                builder()
                        .putLong(offset, ByteOrder.BIG_ENDIAN)
                        .putInt(length, ByteOrder.BIG_ENDIAN)
                        .result());
    }

    public ByteString encode() {
        return builder()
                .putInt(type, ByteOrder.BIG_ENDIAN)
                .putInt(payload.length(), ByteOrder.BIG_ENDIAN)
                .append(payload)
                .result();
    }

    private static ByteStringBuilder builder() {
        return ByteString.createBuilder();
    }
}
