package io.antler.node;

import java.util.Arrays;
import java.util.regex.Pattern;

/** IPv4 addresses as text. Names are not looked up: a node must start while the name service is down. */
final class Ipv4 {
    private static final Pattern FORM = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Ipv4() {}

    /** Four decimal numbers that name one host: neither 0.0.0.0 nor multicast nor broadcast. */
    static boolean isHost(String text) {
        if (!FORM.matcher(text).matches()) {
            return false;
        }
        int[] parts =
                Arrays.stream(text.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
        return Arrays.stream(parts).allMatch(part -> part <= 255) && parts[0] > 0 && parts[0] < 224;
    }

    /** {@code ADDRESS/LENGTH}, length 1 to 32. */
    static boolean isHostWithPrefix(String text) {
        int slash = text.indexOf('/');
        return slash > 0
                && isHost(text.substring(0, slash))
                && text.substring(slash + 1).matches("[1-9]|[12]\\d|3[0-2]");
    }
}
