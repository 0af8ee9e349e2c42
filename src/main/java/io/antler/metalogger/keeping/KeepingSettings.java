package io.antler.metalogger.keeping;

import io.antler.metalogger.archive.RetentionRule;
import java.time.Duration;
import java.util.List;

/**
 * {@code antler.metalogger.archive} of the configuration: which images are fetched, what of them is kept, and what is done with
 * them.
 *
 * @param checkInterval how often the master is asked whether it has saved one
 * @param afterSave fetch one after each save
 * @param atLeastEvery and when the newest one is so old
 * @param compress what a master does not need
 * @param plainImages newest images that stay as they are, with all changes since the oldest of them
 * @param command words of the operator's command; none if empty
 */
public record KeepingSettings(
        Duration checkInterval,
        boolean afterSave,
        Duration atLeastEvery,
        RetentionRule.Limits limits,
        boolean compress,
        int plainImages,
        List<String> command,
        Duration commandTimeout) {
    public KeepingSettings {
        command = List.copyOf(command);
    }
}
