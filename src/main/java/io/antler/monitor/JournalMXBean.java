package io.antler.monitor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** This node's part of the journal as {@code io.antler:type=Journal}. The attribute names are an interface to the outside. */
@Description("The replicated journal on this Antler node")
public interface JournalMXBean {
    @Description("Id of the node that leads the journal's Raft group; null when none is known")
    @Nullable
    String getLeader();

    @Description("Whether this node leads the journal's Raft group")
    boolean isLeading();

    @Description("Index of the last Raft log entry that a majority has, as this node knows")
    long getCommitIndex();

    @Description("Index of the last Raft log entry that this node's replica has applied")
    long getAppliedIndex();

    @Description("Committed entries that this node's replica has not applied yet")
    long getApplyLag();

    @Description("Mean time of this node's confirmed appends since its start, in milliseconds; 0 without any")
    double getAppendMillis();

    @Description("Mean time of synced writes to this node's Raft log since its start, in milliseconds; 0 without any")
    double getFsyncMillis();

    @Description("Free space of the journal's file system, in bytes")
    long getDiskFreeBytes();

    @Description("Size of all files of the journal on this node, in bytes, some seconds old; -1 before it is known")
    long getDiskUsedBytes();

    @Description("How often this node saw the journal's Raft leader change since its start")
    long getLeaderChanges();

    @Description("Requests of this node refused since its start because a newer epoch took over")
    long getRefusedEpochs();

    @Description("Alarms that are raised, each with what to do; empty when all is well")
    List<String> getAlarms();
}
