package io.antler.vip;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Hardware address of an Ethernet interface.
 *
 * @param value the six bytes, the first one highest
 */
public record MacAddress(long value) {
    static final int LENGTH_BYTES = 6;
    static final MacAddress NONE = new MacAddress(0);
    static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
    private static final Pattern FORM = Pattern.compile("(\\p{XDigit}{2}:){5}\\p{XDigit}{2}");

    /** @throws IllegalArgumentException if it is not six pairs of hexadecimal digits with colons between them */
    public static MacAddress parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no Ethernet address");
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[LENGTH_BYTES];
        for (int i = 0; i < LENGTH_BYTES; i++) {
            bytes[i] = (byte) (value >> (8 * (LENGTH_BYTES - 1 - i)));
        }
        return bytes;
    }
}
