package io.antler.monitor;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.SortedMap;

/**
 * What a push has stored. Its JSON form is an interface to the outside.
 *
 * @param number of this push, as nodes show it in their configuration when it is in place
 * @param files by name, their checksums
 */
@JsonPropertyOrder({"number", "files"})
public record PushedConfiguration(long number, SortedMap<String, String> files) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException if this is not what {@link #toJson} makes */
    public static PushedConfiguration fromJson(String json) {
        try {
            return JSON.readValue(json, PushedConfiguration.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
