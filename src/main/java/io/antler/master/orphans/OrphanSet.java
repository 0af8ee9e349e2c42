package io.antler.master.orphans;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the comparison of one deposed master's directory came to. Its JSON form is stored and an interface to the outside.
 *
 * @param id the directory's name, {@code epoch-N-TIME}
 * @param epoch of the deposed mastership
 * @param directory where it was moved to
 * @param changes how many the journal never had
 * @param first version of the first of them; null if there are none
 * @param last version of the last
 * @param remarks places where one may be hidden that cannot be read, each with file and byte
 * @param compared when, ISO 8601
 * @param dismissed when the operator had seen enough; null: not yet
 */
@JsonPropertyOrder({"id", "epoch", "directory", "changes", "first", "last", "remarks", "compared", "dismissed"})
public record OrphanSet(
        String id,
        long epoch,
        String directory,
        long changes,
        @Nullable Long first,
        @Nullable Long last,
        List<String> remarks,
        String compared,
        @Nullable String dismissed) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new ParameterNamesModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public OrphanSet {
        if (id == null || directory == null || remarks == null || compared == null) {
            throw new IllegalArgumentException("id, directory, remarks or compared is missing");
        }
        remarks = List.copyOf(remarks);
    }

    /** Something was found that a person should look at. */
    @JsonIgnore
    public boolean isFound() {
        return changes > 0 || !remarks.isEmpty();
    }

    /** And nobody has said yet that it is enough. */
    @JsonIgnore
    public boolean isOpen() {
        return isFound() && dismissed == null;
    }

    OrphanSet dismissed(String time) {
        return new OrphanSet(id, epoch, directory, changes, first, last, remarks, compared, time);
    }

    /** {@code 12 changes, 1207 to 1218}. */
    public String counted() {
        return changes == 0
                ? "no change"
                : changes + (changes == 1 ? " change, " + first : " changes, " + first + " to " + last);
    }

    public String toJson() {
        return write(this);
    }

    /** @throws UncheckedIOException if this is not what {@link #toJson} makes */
    public static OrphanSet fromJson(String json) {
        return read(json, OrphanSet.class);
    }

    public static String listToJson(List<OrphanSet> sets) {
        return write(sets);
    }

    /** @throws UncheckedIOException if this is not what {@link #listToJson} makes */
    public static List<OrphanSet> listFromJson(String json) {
        List<OrphanSet> sets = Arrays.asList(read(json, OrphanSet[].class));
        if (sets.contains(null)) {
            throw new UncheckedIOException(new IOException("one of them is null"));
        }
        return List.copyOf(sets);
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            T value = JSON.readValue(json, type);
            if (value == null) {
                throw new UncheckedIOException(new IOException("it is null"));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
