package io.antler.vip;

import akka.Done;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * How this machine gets and loses the virtual IP. Calls are carried out one after the other, in their order; each may be
 * repeated. Times are nanoseconds of {@code CLOCK_BOOTTIME}: an end, not a length, because a call may have to wait.
 */
public interface VipProvider {
    /** For logs: the address and where it goes, {@code address=… interface=…}. */
    String description();

    /**
     * The machine has the address from now until a little after {@code leaseUntil}, whatever becomes of this process.
     * Fails if {@code leaseUntil} has passed, and with {@link VipUnusable} if the address is here but not by Antler.
     */
    CompletionStage<Done> take(long leaseUntil);

    /** What {@link #take} did, for longer. */
    CompletionStage<Done> refresh(long leaseUntil);

    /** The machine no longer has the address. */
    CompletionStage<Done> giveUp();

    /** Asks the network who has the address. @return an owner that is not this machine */
    CompletionStage<Optional<MacAddress>> probe();

    /** Tells the network once that the address is here now. */
    CompletionStage<Done> announce();

    /**
     * For the start of a node: takes away what an earlier process left. Fails with {@link VipUnusable} if the address is
     * here but not by Antler.
     *
     * @return whether there was something
     */
    CompletionStage<Boolean> removeLeftover();
}
