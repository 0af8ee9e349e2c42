package io.antler.vip;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address of a host with the length of its network's prefix, for example {@code 10.0.0.9/24}. */
public record VipAddress(Inet4Address ip, int prefixLength) {
    static final Inet4Address UNSPECIFIED = ip(new byte[4]);

    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    /** @return empty if it is no such text, or no address that a host can have */
    public static Optional<VipAddress> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < bytes.length; i++) {
            int number = Integer.parseInt(matcher.group(i + 1));
            if (number > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) number;
        }
        int length = Integer.parseInt(matcher.group(5));
        Inet4Address ip = ip(bytes);
        return isHost(ip, length) ? Optional.of(new VipAddress(ip, length)) : Optional.empty();
    }

    private static boolean isHost(Inet4Address ip, int length) {
        if (length < 1
                || length > 32
                || ip.getAddress()[0] == 0
                || ip.isLoopbackAddress()
                || (ip.getAddress()[0] & 0xff) >= 224) {
            return false;
        }
        int hostBits = length == 32 ? 0 : -1 >>> length;
        int host = ByteBuffer.wrap(ip.getAddress()).getInt() & hostBits;
        return length >= 31 || (host != 0 && host != hostBits); // neither the network itself nor its broadcast
    }

    static Inet4Address ip(byte[] bytes) {
        try {
            return (Inet4Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(bytes.length + " bytes are no IPv4 address", impossible);
        }
    }

    @Override
    public String toString() {
        return ip.getHostAddress() + "/" + prefixLength;
    }
}
