package io.antler.collector;

import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Images of different file systems: their changes must never be mixed. */
public final class TwoFileSystems extends IOException {
    private static final long serialVersionUID = 1L;

    TwoFileSystems(Map<MetadataId, List<String>> images) {
        super(images.entrySet().stream()
                .map(entry -> "\n    metadata id %s: %s".formatted(entry.getKey(), String.join(", ", entry.getValue())))
                .collect(Collectors.joining(
                        "", "These are images of different file systems. Name only directories of one.", "")));
    }
}
