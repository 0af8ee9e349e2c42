package io.antler.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * One {@code mfsmaster} with its door, its address and its tether. It needs no JVM: while that sleeps it goes on until
 * the end of the lease that the tether was last told.
 */
final class SimulatedProgram {
    private final List<Long> metadata = new ArrayList<>();
    private boolean running;
    private boolean doorOpen;
    private boolean address;
    private long until = Long.MAX_VALUE;

    void load(List<Long> changes) {
        running = true;
        until = Long.MAX_VALUE;
        replay(changes);
    }

    void replay(List<Long> changes) {
        metadata.addAll(changes.subList(metadata.size(), changes.size()));
    }

    void change(long change) {
        metadata.add(change);
    }

    void liveUntil(long end) {
        until = end;
    }

    /** The supervisor's clock is that of the machine. */
    boolean diesAt(long now) {
        boolean due = running && now >= until;
        running &= !due;
        return due;
    }

    void openDoor() {
        doorOpen = true;
    }

    void shutDoor() {
        doorOpen = false;
    }

    void takeAddress() {
        address = true;
    }

    void kill() {
        running = false;
    }

    /** Killed, door and address given up; the next one starts empty. */
    void clear() {
        running = false;
        doorOpen = false;
        address = false;
        metadata.clear();
    }

    boolean running() {
        return running;
    }

    boolean doorOpen() {
        return doorOpen;
    }

    boolean speaks() {
        return running && doorOpen && address;
    }

    List<Long> metadata() {
        return metadata;
    }
}
