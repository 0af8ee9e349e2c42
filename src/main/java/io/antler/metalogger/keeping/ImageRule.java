package io.antler.metalogger.keeping;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When the master's image is fetched. Pure. */
final class ImageRule {
    private ImageRule() {}

    /**
     * @param afterSave whenever the master has saved one
     * @param atLeastEvery and when the newest one here is so old
     */
    record Schedule(boolean afterSave, Duration atLeastEvery) {}

    /**
     * @param saved when the master last saved an image; 1970 if never since its start
     * @param handled the save that was dealt with; null if that is not known, after a start
     * @param newest when the newest image here was stored
     * @param tried the last attempt, whatever came of it; null before the first
     */
    record View(
            Instant now,
            Instant saved,
            @Nullable Instant handled,
            Instant newest,
            @Nullable Instant tried) {}

    /** @return why it is to be fetched now; null if it is not */
    static @Nullable String reason(View view, Schedule schedule) {
        boolean newSave = view.handled() == null
                ? view.saved().isAfter(view.newest())
                : view.saved().isAfter(Instant.EPOCH) && !view.saved().equals(view.handled());
        if (schedule.afterSave() && newSave) {
            return "the master has saved it";
        }
        Duration age = Duration.between(view.newest(), view.now());
        boolean triedLately = view.tried() != null
                && Duration.between(view.tried(), view.now()).compareTo(Duration.ofHours(1)) < 0;
        if (age.compareTo(schedule.atLeastEvery()) >= 0 && !triedLately) {
            return "the newest one here is " + age.toHours() + " hours old";
        }
        return null;
    }
}
