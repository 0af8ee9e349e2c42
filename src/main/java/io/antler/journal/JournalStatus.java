package io.antler.journal;

import java.util.List;
import java.util.Optional;

/**
 * The journal as this node sees it now.
 *
 * @param leader of the Raft group; empty: none is known
 * @param leads whether it is this node
 * @param committed index of the last Raft log entry that a majority has
 * @param applied index of the last one in this node's replica
 * @param appendMs mean of this node's confirmed appends since its start; 0 without any
 * @param syncMs mean of the synced writes to this node's Raft log since its start; 0 without any
 * @param freeBytes free space of the journal's file system
 * @param usedBytes size of all files of the journal, some seconds old; -1 before it is known
 * @param leaderChanges how often this node saw the leader change
 * @param refusedEpochs requests of this node that were refused because a newer epoch took over
 * @param alarms those that are raised
 */
public record JournalStatus(
        Optional<NodeId> leader,
        boolean leads,
        long committed,
        long applied,
        double appendMs,
        double syncMs,
        long freeBytes,
        long usedBytes,
        long leaderChanges,
        long refusedEpochs,
        List<JournalAlarm> alarms) {
    public JournalStatus {
        alarms = List.copyOf(alarms);
    }

    public long applyLag() {
        return Math.max(0, committed - applied);
    }

    boolean has(JournalAlarm.Kind kind) {
        return alarms.stream().anyMatch(alarm -> alarm.kind() == kind);
    }
}
