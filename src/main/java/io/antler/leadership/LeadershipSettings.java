package io.antler.leadership;

import com.typesafe.config.Config;
import io.antler.journal.NodeId;
import java.time.Duration;
import java.util.List;

/**
 * What Leadership goes by; {@code reference.conf} explains each.
 *
 * @param self the node that this instance runs on
 * @param nodes all that vote, in the order of preference
 * @param equalLag standbys whose versions differ by no more are equally good: each reads the rest from the journal
 * @param otherNodeWait how long a first appointment may wait for a standby on another node than {@code self}
 */
public record LeadershipSettings(
        NodeId self,
        List<NodeId> nodes,
        Duration reportInterval,
        Duration silence,
        Duration settle,
        Duration promotionTimeout,
        long equalLag,
        Duration otherNodeWait) {
    public LeadershipSettings {
        nodes = List.copyOf(nodes);
        if (silence.compareTo(reportInterval.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("antler.leadership.silence = " + silence.toMillis()
                    + " ms: at least three times antler.leadership.report-interval = " + reportInterval.toMillis()
                    + " ms");
        }
        if (equalLag < 0) {
            throw new IllegalArgumentException("antler.leadership.equal-lag = " + equalLag + ": at least 0");
        }
    }

    /** The same for these nodes. */
    LeadershipSettings withNodes(List<NodeId> voters) {
        return new LeadershipSettings(
                self, voters, reportInterval, silence, settle, promotionTimeout, equalLag, otherNodeWait);
    }

    /** @param antler the section {@code antler} of the configuration */
    public static LeadershipSettings from(Config antler, NodeId self, List<NodeId> nodes) {
        Config own = antler.getConfig("leadership");
        return new LeadershipSettings(
                self,
                nodes,
                own.getDuration("report-interval"),
                own.getDuration("silence"),
                own.getDuration("settle"),
                antler.getDuration("master.promotion-timeout"),
                own.getLong("equal-lag"),
                own.getDuration("other-node-wait"));
    }
}
