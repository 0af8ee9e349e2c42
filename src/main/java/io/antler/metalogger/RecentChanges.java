package io.antler.metalogger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts of the last few thousand changes, to tell a repeated change from a different one of the same version. Bounded in
 * bytes too: one text has up to 200 kB.
 */
public final class RecentChanges {
    static final int KEPT = 8192;
    static final int KEPT_CHARACTERS = 16 * 1024 * 1024;

    private final @Nullable String[] texts = new String[KEPT];
    private long oldest;
    private long next;
    private long characters;

    /** @param start version of the first change that will be added */
    public RecentChanges(long start) {
        this.oldest = start;
        this.next = start;
    }

    /** @param firstVersion the next one, or a later one: then what is older is forgotten */
    public void add(long firstVersion, List<String> added) {
        while (oldest < next && next != firstVersion) {
            forgetOldest();
        }
        if (next != firstVersion) {
            oldest = firstVersion;
            next = firstVersion;
        }
        for (String text : added) {
            if (next - oldest == KEPT) {
                forgetOldest();
            }
            texts[index(next++)] = text;
            characters += text.length();
            while (characters > KEPT_CHARACTERS) {
                forgetOldest();
            }
        }
    }

    private void forgetOldest() {
        String text = texts[index(oldest)];
        characters -= text == null ? 0 : text.length();
        texts[index(oldest++)] = null;
    }

    /** Of these and all later ones the texts are known, up to the last one added. */
    public long oldest() {
        return oldest;
    }

    /** Null if this version is not remembered. */
    @Nullable
    String text(long version) {
        return version >= oldest && version < next ? texts[index(version)] : null;
    }

    private static int index(long version) {
        return (int) (version % KEPT);
    }
}
