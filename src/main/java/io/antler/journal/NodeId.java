package io.antler.journal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of a node, the same in configuration, journal, log and {@code antler list}.
 *
 * @param value 1 to 32 characters out of a-z, 0-9 and '-', the first one a letter
 */
public record NodeId(String value) implements Comparable<NodeId> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "node id \"" + value + "\": 1 to 32 characters out of a-z, 0-9 and '-', the first one a letter");
        }
    }

    @JsonValue // on the component it would be on the field, too, which Jackson refuses
    @Override
    public String value() {
        return value;
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
