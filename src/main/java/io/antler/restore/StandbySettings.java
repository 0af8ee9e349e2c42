package io.antler.restore;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a hot standby is started with.
 *
 * @param program absolute path of {@code mfsmaster}
 * @param config generated {@code mfsmaster.cfg}; its {@code DATA_PATH} is {@code dataPath}
 * @param dataPath does not exist yet, or is empty; the directories above it can be entered by {@code user}
 * @param user {@code WORKING_USER}; owns the data directory
 * @param group {@code WORKING_GROUP}; empty: left to the system
 */
public record StandbySettings(Path program, Path config, Path dataPath, String user, Optional<String> group) {}
