package io.antler.collector;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of a directory matter.
 *
 * <pre>
 * changelog.N.mfs  changelog_ml.N.mfs  changelog_ml_back.N.mfs     and with something behind: .gz, -20261128, ~
 * metadata*                                                        but metadata.crc
 * VERSION.mfs                                                      a checkpoint of a node
 * </pre>
 */
public final class FileNames {
    private static final Pattern CHANGELOG =
            Pattern.compile("(changelog(?:_ml(?:_back)?)?)\\.[0-9]+\\.mfs(?:[.~_-].*)?");
    private static final Pattern IMAGE = Pattern.compile("metadata(?!\\.crc).+|[1-9][0-9]{0,18}\\.mfs");

    private FileNames() {}

    /** {@code changelog}, {@code changelog_ml} or {@code changelog_ml_back}; empty: it is no changelog. */
    public static Optional<String> family(String name) {
        Matcher changelog = CHANGELOG.matcher(name);
        return changelog.matches() ? Optional.of(changelog.group(1)) : Optional.empty();
    }

    public static boolean isImage(String name) {
        return IMAGE.matcher(name).matches();
    }
}
