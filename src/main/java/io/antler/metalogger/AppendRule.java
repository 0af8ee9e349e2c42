package io.antler.metalogger;

import io.antler.moosefs.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which of the changes that a master sent are to be stored. Pure. */
final class AppendRule {
    private AppendRule() {}

    sealed interface Decision {
        /** @param texts of the changes that are new, consecutive from the next version; may be none */
        record Store(List<String> texts) implements Decision {}

        record Refuse(String reason) implements Decision {}
    }

    /**
     * @param next version the next stored change must have
     * @param recent what was stored last
     */
    static Decision decide(long next, RecentChanges recent, List<Change> changes) {
        List<String> texts = new ArrayList<>(changes.size());
        for (Change change : changes) {
            long version = change.version();
            long expected = next + texts.size();
            if (version > expected) {
                return new Decision.Refuse("version=" + version + " changes from " + expected + " to " + (version - 1)
                        + " are missing before this one; nothing stored");
            }
            if (version == expected) {
                texts.add(change.text());
                continue;
            }
            @Nullable String known = version >= next ? texts.get((int) (version - next)) : recent.text(version);
            if (known == null) {
                return new Decision.Refuse("version=" + version
                        + " this change is older than what can be compared, next is " + next + "; nothing stored");
            }
            if (!Objects.equals(known, change.text())) {
                return new Decision.Refuse(
                        "version=" + version + " journal has another text for this change: \"" + known
                                + "\", the master sent \"" + change.text()
                                + "\". Two histories have this version: keep the master's data directory and compare its"
                                + " changelogs with the journal");
            }
        }
        return new Decision.Store(texts);
    }
}
