package io.antler.cli;

import io.antler.changelog.Explainer;
import io.antler.changelog.Filter;
import io.antler.changelog.Text;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.io.OutputStream;

/** Changes in words, a line each: those that a filter wants of a history that is gone through from its beginning. */
final class ExplainedLines {
    private static final int WRITTEN_AT_ONCE = 1 << 15;

    private final Explainer explainer;
    private final Filter filter;
    private final boolean json;
    private final OutputStream out;
    private final Text text = new Text();
    private long first = Long.MAX_VALUE;

    /** @param json a JSON object in each line */
    ExplainedLines(Explainer explainer, Filter filter, boolean json, OutputStream out) {
        this.explainer = explainer;
        this.filter = filter;
        this.json = json;
        this.out = out;
    }

    /** @throws io.antler.changelog.NamesFull if there are more names than there is memory for */
    void add(ChangelogReader at) throws IOException {
        first = Math.min(first, at.version());
        explainer.read(at);
        if (filter.wants(explainer)) {
            if (json) {
                explainer.json(text);
            } else {
                explainer.write(text);
            }
            text.add('\n');
            if (text.length() > WRITTEN_AT_ONCE) {
                flush();
            }
        }
        explainer.apply();
    }

    /** Earliest version that was added. */
    long first() {
        return first;
    }

    /** Writes what is still here. */
    void flush() throws IOException {
        text.writeTo(out);
        text.clear();
    }
}
