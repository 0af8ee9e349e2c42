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
