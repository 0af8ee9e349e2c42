package io.antler.metalogger;

import io.antler.moosefs.MetadataId;
import java.nio.file.Path;

/**
 * A verified image of this node.
 *
 * @param image the file
 * @param version number of the first change that is not in it
 * @param sha256 of the file, lower-case hexadecimal
 */
public record Checkpoint(Path image, long version, MetadataId id, String sha256) {}
