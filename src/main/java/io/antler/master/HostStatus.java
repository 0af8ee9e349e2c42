package io.antler.master;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of itself. Published on the typed {@code EventStream} whenever it changes.
 *
 * @param standby null unless {@code role} is {@link Role#STANDBY}
 * @param epoch the newest one this node has heard of
 * @param journaled metadata version after the last change in this node's replica of the journal; {@link #UNKNOWN} if not known
 * @param replayed metadata version of this node's own {@code mfsmaster}; {@link #UNKNOWN} if not known
 * @param master who is master in {@code epoch}; null if nobody or not known
 * @param ownsAddress whether this node has the virtual IP
 * @param metadataId 16 hexadecimal digits; null before adoption
 * @param message what an operator should know now; null if there is nothing
 */
public record HostStatus(
        NodeId node,
        Role role,
        @Nullable StandbyKind standby,
        Epoch epoch,
        long journaled,
        long replayed,
        @Nullable NodeId master,
        boolean ownsAddress,
        @Nullable String metadataId,
        @Nullable String message)
        implements CborEncoded {
    public static final long UNKNOWN = -1;

    /**
     * What a report says of its node, as far as it goes.
     *
     * @param current the epoch in force: each report is answered with it, so a node that reports knows it
     */
    public static HostStatus of(Standing standing, Epoch current) {
        Role role = Role.of(standing.phase());
        return new HostStatus(
                standing.node(),
                role,
                role == Role.STANDBY ? StandbyKind.HOT : null,
                standing.epoch().equals(Epoch.NONE) ? current : standing.epoch(),
                standing.journaled(),
                standing.replayed(),
                null,
                role == Role.MASTER,
                null,
                standing.trouble());
    }

    public enum Role {
        MASTER,
        STANDBY,
        STARTING,
        WITNESS,
        METALOGGER,
        DOWN;

        static Role of(Phase phase) {
            return switch (phase) {
                case WAITING, LOADING, PROMOTING, DRAINED, ENDED -> STARTING;
                case STANDBY -> STANDBY;
                case SERVING -> MASTER;
                case WITNESS -> WITNESS;
                case METALOGGER -> METALOGGER;
            };
        }

        /** As commands, JSON and MBean show it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Hot: loaded and replaying. Warm: image and changes on disk, loaded at promotion. */
    public enum StandbyKind {
        HOT,
        WARM;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Changes that the journal has and the {@code mfsmaster} has not; {@link #UNKNOWN} if either is not known. */
    public long lag() {
        return journaled == UNKNOWN || replayed == UNKNOWN ? UNKNOWN : Math.max(0, journaled - replayed);
    }
}
