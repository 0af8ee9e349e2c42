package io.antler.journal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What two peers say to each other. On the wire, big endian, each after its length in 4 bytes:
 *
 * <pre>
 * hello     1  magic (8)  format (2)  content
 * request   2  id (8)  message number (1)  message
 * response  3  id (8)  message number (1)  message
 * failure   4  id (8), 0 for the connection  sentence in UTF-8
 * ping      5  from the one that called, in every interval
 * pong      6  from the one that was called, in every interval
 * </pre>
 */
sealed interface Frame {
    int HELLO_LIMIT_BYTES = 16 << 10;
    short FORMAT = 1;

    /** The one that called says it first, the other one answers with its own. */
    record Hello(short format, ByteString content) implements Frame {}

    record Request(long id, int message, ByteString body) implements Frame {}

    record Response(long id, int message, ByteString body) implements Frame {}

    /** @param id of the request that failed; 0: the connection does, this is the last frame */
    record Failure(long id, String sentence) implements Frame {}

    record Ping() implements Frame {}

    record Pong() implements Frame {}

    static byte[] ping() {
        return new byte[] {5};
    }

    static byte[] pong() {
        return new byte[] {6};
    }

    private static byte[] magic() {
        return "ANTLRAFT".getBytes(UTF_8);
    }

    static byte[] hello(byte[] content) {
        if (content.length > HELLO_LIMIT_BYTES - 64) {
            throw new IllegalArgumentException("a hello of " + content.length + " bytes");
        }
        return ByteBuffer.allocate(1 + 8 + 2 + content.length)
                .put((byte) 1)
                .put(magic())
                .putShort(FORMAT)
                .put(content)
                .array();
    }

    static byte[] request(long id, Object message) {
        return message(2, id, message);
    }

    static byte[] response(long id, Object message) {
        return message(3, id, message);
    }

    static byte[] failure(long id, String sentence) {
        byte[] text = sentence.getBytes(UTF_8);
        return ByteBuffer.allocate(9 + text.length)
                .put((byte) 4)
                .putLong(id)
                .put(text)
                .array();
    }

    private static byte[] message(int kind, long id, Object message) {
        byte number = (byte) Messages.number(message);
        int size = message instanceof Message protobuf ? protobuf.getSerializedSize() : ((byte[]) message).length;
        ByteBuffer frame =
                ByteBuffer.allocate(10 + size).put((byte) kind).putLong(id).put(number);
        if (message instanceof Message protobuf) {
            try {
                var out = CodedOutputStream.newInstance(frame.array(), 10, size);
                protobuf.writeTo(out);
                out.checkNoSpaceLeft();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // the array has the size that the message told
            }
        } else {
            frame.put((byte[]) message);
        }
        return frame.array();
    }

    /**
     * The bytes become part of the result.
     *
     * @throws BadFrame if this is none
     */
    static Frame decode(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        int kind = bytes.length == 0 ? 0 : in.get();
        int least =
                switch (kind) {
                    case 1 -> 11;
                    case 2, 3 -> 10;
                    case 4 -> 9;
                    case 5, 6 -> 1;
                    default -> throw new BadFrame("a frame of " + bytes.length + " bytes and of unknown kind " + kind);
                };
        if (bytes.length < least) {
            throw new BadFrame("a frame of " + bytes.length + " bytes, of kind " + kind + " are at least " + least);
        }
        return switch (kind) {
            case 1 -> {
                byte[] magic = new byte[8];
                in.get(magic);
                if (!Arrays.equals(magic, magic())) {
                    throw new BadFrame("a hello without our magic");
                }
                yield new Hello(in.getShort(), rest(in));
            }
            case 2 -> new Request(in.getLong(), in.get() & 0xff, rest(in));
            case 3 -> new Response(in.getLong(), in.get() & 0xff, rest(in));
            case 4 -> new Failure(in.getLong(), rest(in).toStringUtf8());
            case 5 -> new Ping();
            default -> new Pong();
        };
    }

    private static ByteString rest(ByteBuffer in) {
        return UnsafeByteOperations.unsafeWrap(in);
    }
}
