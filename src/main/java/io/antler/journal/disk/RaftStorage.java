package io.antler.journal.disk;

import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Log and vote of one Raft peer, opened and checked before JRaft gets them. JRaft closes them with the node; who opened them
 * closes them if it never comes to that. May be extended for JRaft's other storages.
 */
public class RaftStorage extends DefaultJRaftServiceFactory implements AutoCloseable {
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot_(\\d{1,18})");

    private final Path directory;
    private final RaftLog log;
    private final RaftVote vote;

    private RaftStorage(Path directory, RaftLog log, RaftVote vote) {
        this.directory = directory;
        this.log = log;
        this.vote = vote;
    }

    /** For an extension. */
    protected RaftStorage(RaftStorage opened) {
        this(opened.directory, opened.log, opened.vote);
    }

    /**
     * @param directory of the Raft peer alone
     * @throws Damaged if a file of it is not as it was left
     * @throws IOException if it cannot be used: no right, no space, another process
     */
    public static RaftStorage open(Path directory, Space space, SyncTimes times) throws IOException {
        Path voteFile = vote(directory);
        Path logDirectory = directory.resolve("log");
        if (LogDatabase.existsIn(logDirectory) && !Files.exists(voteFile)) {
            throw new Damaged(voteFile, "it is missing, but there is a log", null);
        }
        VoteFile votes = VoteFile.open(voteFile);
        try {
            if (votes.vote().term() > 0 && !LogDatabase.existsIn(logDirectory)) {
                throw new Damaged(logDirectory, "its file CURRENT is missing, but there is a vote", null);
            }
            RaftLog log = RaftLog.open(LogDatabase.open(logDirectory), space, times);
            return new RaftStorage(directory, log, new RaftVote(votes));
        } catch (IOException | RuntimeException e) {
            votes.close();
            throw e;
        }
    }

    /** Made when a peer begins, and there ever after. */
    public static Path vote(Path directory) {
        return directory.resolve("vote");
    }

    /** Index of the last entry; what a snapshot stands for counts, too. */
    public long lastIndex() throws IOException {
        return Math.max(snapshotIndex(), Math.max(log.getLastLogIndex(), log.getFirstLogIndex() - 1));
    }

    /** Index up to which this peer's own disk has the log. Any thread. */
    public long syncedIndex() {
        return log.syncedIndex();
    }

    /** JRaft names a snapshot's directory after the last entry in it. 0 when there is none. */
    private long snapshotIndex() throws IOException {
        Path snapshots = directory.resolve("snapshot");
        if (!Files.isDirectory(snapshots)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(snapshots)) {
            return files.map(file -> SNAPSHOT.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .max()
                    .orElse(0);
        }
    }

    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
        return log;
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
        return vote;
    }

    @Override
    public void close() {
        log.shutdown();
        vote.shutdown();
    }
}
