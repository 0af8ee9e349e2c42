package io.antler.metalogger;

import io.antler.moosefs.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which of the changes that a master sent are to be stored. Pure. */
public final class AppendRule {
    private AppendRule() {}

    public sealed interface Decision {
        /** @param texts of the changes that are new, consecutive from the next version; may be none */
        record Store(List<String> texts) implements Decision {}

        sealed interface Refuse extends Decision {
            /** With the version; nothing is to be stored. */
            String reason();
        }

        /** Changes are missing before one of these. */
        record Hole(String reason) implements Refuse {}

        /** What was sent is too old to be compared. */
        record TooOld(String reason) implements Refuse {}

        /** Two histories have this version. */
        record Conflict(long version, String reason) implements Refuse {}
    }

    /**
     * @param next version the next stored change must have
     * @param recent what was stored last
     */
    public static Decision decide(long next, RecentChanges recent, List<Change> changes) {
        List<String> texts = new ArrayList<>(changes.size());
        for (Change change : changes) {
            long version = change.version();
            long expected = next + texts.size();
            if (version > expected) {
                return new Decision.Hole("version=" + version + " changes from " + expected + " to " + (version - 1)
                        + " are missing before this one; nothing stored");
            }
            if (version == expected) {
                texts.add(change.text());
                continue;
            }
            @Nullable String known = version >= next ? texts.get((int) (version - next)) : recent.text(version);
            if (known == null) {
                return new Decision.TooOld("version=" + version
                        + " this change is older than what can be compared, next is " + next + "; nothing stored");
            }
            if (!Objects.equals(known, change.text())) {
                return new Decision.Conflict(
                        version,
                        "version=" + version + " stored is another text for this change: \"" + known
                                + "\", the master sent \"" + change.text()
                                + "\". Two histories have this version: keep the master's data directory and compare its"
                                + " changelogs with what is stored");
            }
        }
        return new Decision.Store(texts);
    }
}
