package io.antler.journal;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.SnapshotCopierOptions;
import com.alipay.sofa.jraft.storage.snapshot.Snapshot;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotWriter;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JRaft's directory of snapshots, which lets one that was copied from the leader take the place of the last one only when it
 * is whole: each file as the leader described it, and the store in it readable to its last block. JRaft itself would notice
 * nothing, delete the last good one, and stop.
 *
 * <p>A copy that fails, for damage or for lack of space, is no reason to stop either: the leader begins again.
 */
final class CheckedSnapshotStorage extends LocalSnapshotStorage {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedSnapshotStorage.class);

    private static final long LONGEST_PAUSE_SECONDS = 60;

    private final String path;
    private final RaftOptions raftOptions;

    /** The copy that was begun last; JRaft begins the next one when that has ended. */
    private volatile @Nullable Copier copier;

    /** Copies in a row that came to nothing. */
    private final AtomicInteger failures = new AtomicInteger();

    CheckedSnapshotStorage(String path, RaftOptions raftOptions) {
        super(path, null, raftOptions);
        this.path = path;
        this.raftOptions = raftOptions;
    }

    @Override
    public @Nullable SnapshotCopier startToCopyFrom(String uri, SnapshotCopierOptions options) {
        var next = new Copier();
        next.setStorage(this);
        if (!next.init(uri, options)) {
            LOG.warn("snapshot of the journal not copied: its place {} cannot be used", uri);
            return null;
        }
        copier = next;
        next.start();
        return next;
    }

    /** What a process left that died while it saved is of no use; what it left while it copied is. */
    @Override
    public boolean init(Void none) {
        Path left = Path.of(path, "temp");
        try {
            if (!Files.exists(left.resolve(Snapshot.JRAFT_SNAPSHOT_META_FILE))) {
                Folders.delete(left);
            }
        } catch (IOException e) {
            LOG.error("{} cannot be removed: {}; check the disk of this node", left, e.toString());
            return false;
        }
        return super.init(null);
    }

    /** For one that this node makes itself. */
    @Override
    public @Nullable SnapshotWriter create() {
        return create(true, null);
    }

    /** For one that is copied. */
    @Override
    public @Nullable SnapshotWriter create(boolean fromEmpty) {
        return create(fromEmpty, copier);
    }

    private @Nullable SnapshotWriter create(boolean fromEmpty, @Nullable Copier writing) {
        SnapshotWriter fresh = super.create(fromEmpty); // empties the directory, if so asked
        if (fresh == null) {
            return null;
        }
        var directory = Path.of(fresh.getPath());
        var writer = writing == null ? new Writer(directory) : new CheckingWriter(directory, writing);
        return writer.init(null) ? writer : null;
    }

    /** That an input or output error would stop the whole node is the one difference. */
    private static final class Copier extends LocalSnapshotCopier {
        @Override
        public void setError(RaftError error, String format, Object... args) {
            super.setError(error == RaftError.EIO ? RaftError.EBUSY : error, format, args);
        }

        @Override
        public void setError(int code, String format, Object... args) {
            super.setError(code == RaftError.EIO.getNumber() ? RaftError.EBUSY.getNumber() : code, format, args);
        }

        /** JRaft would never end the installation of a copy that threw, take no other, and not stop either. */
        @Override
        public void join() throws InterruptedException {
            try {
                super.join();
            } catch (IllegalStateException e) {
                LOG.error("snapshot of the journal not copied: {}. It is tried again.", e.getMessage());
                refuse(e.toString());
            }
        }

        void refuse(String reason) {
            setError(RaftError.EBUSY, "%s", reason);
        }
    }

    /** The leader begins again as soon as it hears of the failure, and copies all that is missing once more. */
    static Duration pause(int failures) {
        return failures == 0
                ? Duration.ZERO
                : Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(failures - 1, 10)));
    }

    /** Ended by whoever ends the copy. */
    private static void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private class Writer extends LocalSnapshotWriter {
        Writer(Path directory) {
            super(directory.toString(), CheckedSnapshotStorage.this, raftOptions);
        }

        /** A copy: JRaft removes files while it goes through them, those of a copy that was interrupted. */
        @Override
        public Set<String> listFiles() {
            return Set.copyOf(super.listFiles());
        }
    }

    private final class CheckingWriter extends Writer {
        private final Path directory;
        private final Copier writing;

        CheckingWriter(Path directory, Copier writing) {
            super(directory);
            this.directory = directory;
            this.writing = writing;
        }

        /**
         * JRaft asks this before it copies a file, and copies none that is known here. After one that could not be copied,
         * mostly because the connection broke and the leader's end of it is gone, it would wait for each other one in vain.
         */
        @Override
        public @Nullable Message getFileMeta(String name) {
            Message known = super.getFileMeta(name);
            return known == null && !writing.isOk() ? LocalFileMeta.getDefaultInstance() : known;
        }

        /** Called for each file that is there whole. */
        @Override
        public boolean addFile(String name, Message description) {
            String fault = SnapshotFiles.fault(directory.resolve(name), (LocalFileMeta) description);
            if (fault != null) {
                refuse(fault);
                return false;
            }
            return super.addFile(name, description);
        }

        /** JRaft goes on with the last snapshot as if it were the new one, unless the copier says that it failed. */
        @Override
        public void close(boolean keepDataOnError) throws IOException {
            try {
                if (isOk() && writing.isOk()) {
                    verify();
                }
                super.close(keepDataOnError);
            } catch (IOException | RuntimeException e) {
                refuse(e.toString());
                throw e;
            } finally {
                rest(pause(failures.updateAndGet(before -> writing.isOk() ? 0 : before + 1)));
            }
        }

        private void verify() throws IOException {
            Path store = directory.resolve(SnapshotFiles.STORE);
            try {
                long applied = EventStore.verifiedApplied(store);
                Folders.force(store);
                Folders.force(directory);
                if (applied < getSnapshotIndex()) {
                    refuse("it ends at entry " + applied + ", not " + getSnapshotIndex());
                }
            } catch (RocksDBException | UncheckedIOException e) {
                refuse(EventDatabase.message(e));
            }
        }

        private void refuse(String reason) {
            if (Thread.currentThread().isInterrupted()) {
                LOG.info("copying a snapshot of the journal was ended: another leader, or this node stops");
            } else {
                LOG.error(
                        "snapshot of the journal copied from the leader is refused, nothing here is replaced: {}."
                                + " It is tried again. If this comes back, the leader's snapshot in its own {} is damaged:"
                                + " stop that node, so that another one leads, and replace it.",
                        reason,
                        path);
            }
            writing.refuse(reason);
            setError(RaftError.EBUSY, "%s", reason);
        }
    }
}
