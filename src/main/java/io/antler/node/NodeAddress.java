package io.antler.node;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node, or a metalogger, answers over HTTP.
 *
 * @param host address or name
 */
public record NodeAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]*)(?::([0-9]{1,5}))?");
    private static final int HIGHEST = 65_535;

    /**
     * @param text {@code ADDRESS[:PORT]}
     * @return empty if it is not of this form
     */
    public static Optional<NodeAddress> parse(String text, int defaultPort) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = parts.group(2) == null ? defaultPort : Integer.parseInt(parts.group(2));
        return port > HIGHEST ? Optional.empty() : Optional.of(new NodeAddress(parts.group(1), port));
    }
}
