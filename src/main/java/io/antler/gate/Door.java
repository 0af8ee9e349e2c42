package io.antler.gate;

import akka.Done;
import java.util.concurrent.CompletionStage;

/**
 * The door between the ports of {@code mfsmaster} and the network. Every call may be repeated; calls keep their order.
 * Each fails with {@link DoorUnusable}; the door is then as it was before.
 *
 * <p>Loopback always passes: Antler's own connections to its {@code mfsmaster} need it, and a mount on this very machine
 * uses it too.
 */
public interface Door {
    /** From now on nothing from the network reaches the ports, established connections included. */
    CompletionStage<Done> shut();

    CompletionStage<Done> open();

    /** Leaves nothing of the door behind: the ports are then as open as without Antler. */
    CompletionStage<Done> remove();

    /** For the start of a node. @return whether an earlier process had left something */
    CompletionStage<Boolean> removeLeftover();
}
