package io.antler.moosefs;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Identity of one MooseFS file system, set once at its first start and never changed.
 *
 * @param value 0 only in a file system that was never started
 */
public record MetadataId(long value) {
    public static final MetadataId NONE = new MetadataId(0);
    private static final Pattern FORM = Pattern.compile("[0-9A-Fa-f]{16}");

    /** @throws IllegalArgumentException unless these are 16 hexadecimal digits */
    public static MetadataId parse(String hex) {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("metadata id \"" + hex + "\": 16 hexadecimal digits");
        }
        return new MetadataId(HexFormat.fromHexDigitsToLong(hex));
    }

    public boolean isNone() {
        return value == 0;
    }

    /** 16 hexadecimal digits, upper case; the same everywhere. */
    @Override
    public String toString() {
        return HexFormat.of().withUpperCase().toHexDigits(value);
    }
}
