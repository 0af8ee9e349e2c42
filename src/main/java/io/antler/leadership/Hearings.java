package io.antler.leadership;

import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.leadership.AppointmentRule.Heard;
import io.antler.leadership.AppointmentRule.View;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Leadership has heard since it started, on its own clock. Soft: a new instance starts empty and listens first.
 * Times are nanoseconds of {@code CLOCK_BOOTTIME}. For one thread.
 */
public final class Hearings {
    private record Arrival(Standing standing, long at) {}

    private final Duration silence;
    private final Map<NodeId, Arrival> arrivals = new HashMap<>();
    private long listeningSince;
    private long mandatedSince;
    private long lastLook;
    private boolean confirmed;
    private @Nullable Long readySince;

    public Hearings(Duration silence, long now) {
        this.silence = silence;
        this.lastLook = now;
        startAnew(now);
    }

    private void startAnew(long now) {
        arrivals.clear();
        listeningSince = now;
        mandatedSince = now;
        readySince = null;
        confirmed = false;
    }

    /** @param current the epoch in force */
    public void heard(Standing standing, Epoch current, long now) {
        arrivals.put(standing.node(), new Arrival(standing, now));
        confirmed |= !current.equals(Epoch.NONE) && standing.epoch().equals(current);
    }

    /** Whether a node was heard to serve under that epoch; it may be silent by now. */
    public boolean serving(Epoch epoch) {
        return arrivals.values().stream()
                .map(Arrival::standing)
                .anyMatch(standing ->
                        standing.phase() == Phase.SERVING && standing.epoch().equals(epoch));
    }

    public void appointed(long now) {
        mandatedSince = now;
        confirmed = false;
    }

    /**
     * To be called every report interval. An instance that slept has old reports waiting in no fair order, so it
     * listens anew before it judges.
     */
    public View view(boolean adopted, boolean left, Epoch epoch, @Nullable NodeId master, long now) {
        if (now - lastLook >= silence.toNanos()) {
            startAnew(now);
        }
        lastLook = now;
        Map<NodeId, Heard> reports = new HashMap<>();
        arrivals.forEach((node, arrival) ->
                reports.put(node, new Heard(arrival.standing(), Duration.ofNanos(now - arrival.at()))));
        return new View(
                adopted,
                left,
                epoch,
                master,
                Duration.ofNanos(now - listeningSince),
                Duration.ofNanos(now - mandatedSince),
                confirmed,
                ready(now),
                reports);
    }

    private Duration ready(long now) {
        boolean standby = arrivals.values().stream()
                .anyMatch(arrival -> arrival.standing().phase() == Phase.STANDBY);
        readySince = standby ? (readySince == null ? now : readySince) : null;
        return readySince == null ? Duration.ZERO : Duration.ofNanos(now - readySince);
    }
}
