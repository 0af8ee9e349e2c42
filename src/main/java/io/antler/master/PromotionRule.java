package io.antler.master;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The order of a promotion: the fence first, the wait for the older lease last. Whoever carries it out calls
 * {@link #next} after every event and at the time an {@link Step.AwaitLease} names, and does what it says.
 *
 * <pre>
 *   Fence → FeedTail → LetGo → Verify → Follow → HoldLease → AwaitLease → OpenDoor → TakeAddress → Serve
 * </pre>
 *
 * Waiting before the fence would be wrong: until the fence is applied the old master can renew its lease, so the last
 * renewal could reach past the end of any wait that began earlier.
 */
public final class PromotionRule {
    private PromotionRule() {}

    /** Which metadata: two programs with the same proof and the same history have the same content. */
    public record Proof(String metadataId, long version) {}

    /**
     * What is known at one moment. Times are nanoseconds of this node's {@code CLOCK_BOOTTIME}.
     *
     * @param now the clock, read for this call
     * @param fence highest sequence number that our take-over returned, once this node's own replica has applied it
     * @param fed highest sequence number whose changes the standby's file has
     * @param letGo the standby was shown the end of its file
     * @param expected what the journal says after {@code fence}, plus the changes received since on the new connection
     *     to our own {@code mfsmaster}; null until the tail is known
     * @param proven what our {@code mfsmaster} answered after it began to listen; null before
     * @param inSync its changes are followed without a gap
     * @param mayOpenAt from when no older lease can still run: {@code LeaseWatch.mayOpenAt} of this node's own replica,
     *     read after the fence was applied
     * @param leaseUntil end of our own lease, which the tether already holds {@code mfsmaster} to: it kills the program
     *     then, also while this process sleeps; {@code Long.MIN_VALUE} before the first confirmed renewal
     * @param underWay the step that was begun and has not ended; null: none
     */
    public record Progress(
            long now,
            OptionalLong fence,
            long fed,
            boolean letGo,
            @Nullable Proof expected,
            @Nullable Proof proven,
            boolean inSync,
            long mayOpenAt,
            long leaseUntil,
            boolean doorOpen,
            boolean addressTaken,
            @Nullable Step underWay) {}

    /** What to do next. */
    public sealed interface Step {
        /** Take {@code changes} over with our epoch; ends when this node's own replica has applied that. */
        record Fence() implements Step {}

        /** Append to the standby's file what the journal has up to this sequence number. */
        record FeedTail(long upTo) implements Step {}

        /** Show the standby the end of its file. */
        record LetGo() implements Step {}

        /** Ask our {@code mfsmaster} over loopback for its metadata id and version. */
        record Verify() implements Step {}

        /** Connect as its metalogger and prove to be in sync. */
        record Follow() implements Step {}

        /** Renew our own lease and keep renewing it; each confirmed end goes to the tether before it counts. */
        record HoldLease() implements Step {}

        /** Nothing to do before then; a timer, not an action, so it is never {@code underWay}. */
        record AwaitLease(long untilNanos) implements Step {}

        record OpenDoor() implements Step {}

        record TakeAddress() implements Step {}

        /** The promotion is complete. */
        record Serve() implements Step {}

        /** What was begun is still under way: begin nothing. */
        record Wait(Step underWay) implements Step {}

        /** This promotion cannot succeed any more; the next one needs another epoch. */
        record GiveUp(String reason) implements Step {}
    }

    public static Step next(Progress progress) {
        Step step = wanted(progress);
        return step.equals(progress.underWay()) ? new Step.Wait(step) : step;
    }

    private static Step wanted(Progress known) {
        if (known.leaseUntil() != Long.MIN_VALUE && known.now() >= known.leaseUntil()) {
            return new Step.GiveUp("own lease ran out " + (known.now() - known.leaseUntil()) / 1_000_000 + " ms ago");
        }
        if (known.fence().isEmpty()) {
            return new Step.Fence();
        }
        long tail = known.fence().getAsLong();
        if (known.fed() < tail || known.expected() == null) {
            return new Step.FeedTail(tail);
        }
        if (!known.letGo()) {
            return new Step.LetGo();
        }
        return known.proven() == null ? new Step.Verify() : verified(known, known.expected(), known.proven());
    }

    private static Step verified(Progress known, Proof expected, Proof proven) {
        if (!proven.equals(expected)) {
            return new Step.GiveUp("mfsmaster has metadata id " + proven.metadataId() + " at version "
                    + proven.version() + ", the journal has " + expected.metadataId() + " at version "
                    + expected.version());
        }
        if (!known.inSync()) {
            return new Step.Follow();
        }
        if (known.leaseUntil() == Long.MIN_VALUE) {
            return new Step.HoldLease();
        }
        if (known.now() < known.mayOpenAt()) {
            return new Step.AwaitLease(known.mayOpenAt());
        }
        if (!known.doorOpen()) {
            return new Step.OpenDoor();
        }
        return known.addressTaken() ? new Step.Serve() : new Step.TakeAddress();
    }
}
