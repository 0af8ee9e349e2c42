package io.antler.moosefs;

import akka.util.ByteString;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Images with the right frame and zeros inside. */
public final class TestImage {
    private TestImage() {}

    public static byte[] of(long version, MetadataId id, int bodyLength) {
        return of("MFSM 2.0", version, id, bodyLength);
    }

    public static byte[] of(String signature, long version, MetadataId id, int bodyLength) {
        return ascii(signature)
                .concat(longs(version, id.value()))
                .concat(section("SESS 1.5", 195))
                .concat(section("NODE 1.4", bodyLength))
                .concat(ascii("[MFS EOF MARKER]"))
                .toArray();
    }

    /** A whole image of 3.0 with these sections behind empty sessions. */
    public static byte[] withSections(long version, MetadataId id, byte[]... sections) {
        byte[] sessions = new byte[195];
        sessions[5] = 16; // counters of each
        ByteString image = ascii("MFSM 2.0")
                .concat(longs(version, id.value()))
                .concat(ByteString.fromArray(section("SESS 1.5", sessions)));
        for (byte[] section : sections) {
            image = image.concat(ByteString.fromArray(section));
        }
        return image.concat(ascii("[MFS EOF MARKER]")).toArray();
    }

    /** @param header name and version: {@code EDGE 1.1} */
    public static byte[] section(String header, byte[] body) {
        return ascii(header)
                .concat(longs(body.length))
                .concat(ByteString.fromArray(body))
                .toArray();
    }

    /** The section EDGE. */
    public static byte[] edges(Edge... edges) {
        var bytes = ByteString.createBuilder();
        bytes.putLong(1_000_000, ByteOrder.BIG_ENDIAN);
        for (Edge edge : edges) {
            byte[] name = edge.name().getBytes(StandardCharsets.UTF_8);
            bytes.putInt(edge.parent(), ByteOrder.BIG_ENDIAN);
            bytes.putInt(edge.child(), ByteOrder.BIG_ENDIAN);
            bytes.putLong(2_000_000L - edge.child(), ByteOrder.BIG_ENDIAN);
            bytes.putShort(name.length, ByteOrder.BIG_ENDIAN);
            bytes.putBytes(name);
        }
        return section(
                "EDGE 1.1",
                bytes.result().concat(ByteString.fromArray(new byte[18])).toArray());
    }

    /** @param parent 0: in the trash */
    public record Edge(int parent, int child, String name) {}

    private static ByteString section(String header, int length) {
        return ascii(header).concat(longs(length)).concat(ByteString.fromArray(new byte[length]));
    }

    private static ByteString ascii(String text) {
        return ByteString.fromArray(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteString longs(long... values) {
        var bytes = ByteString.createBuilder();
        for (long value : values) {
            bytes.putLong(value, ByteOrder.BIG_ENDIAN);
        }
        return bytes.result();
    }
}
