package io.antler.configuration;

import io.antler.journal.CborEncoded;
import io.antler.journal.NodeId;
import java.util.SortedMap;

/**
 * A version of the master's configuration, for all nodes.
 *
 * @param texts as {@link ConfigurationFiles#texts}
 * @param from the node whose files these were
 * @param atMillis wall clock, since 1970: for people
 */
public record ConfigurationPushed(SortedMap<String, String> texts, NodeId from, long atMillis) implements CborEncoded {
    public ConfigurationPushed {
        texts = new ConfigurationFiles(texts).texts();
    }

    public ConfigurationFiles files() {
        return new ConfigurationFiles(texts);
    }
}
