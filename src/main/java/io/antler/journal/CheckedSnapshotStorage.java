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
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final String path;
    private final RaftOptions raftOptions;

    /** The one copy that is under way; JRaft never makes two. */
    private volatile @Nullable Copier copier;

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

    @Override
    public @Nullable SnapshotWriter create(boolean fromEmpty) {
        SnapshotWriter fresh = super.create(fromEmpty); // empties the directory, if so asked
        if (fresh == null) {
            return null;
        }
        var writer = new Writer(Path.of(fresh.getPath()));
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

        void refuse(String reason) {
            setError(RaftError.EBUSY, "%s", reason);
        }
    }

    private final class Writer extends LocalSnapshotWriter {
        private final Path directory;

        Writer(Path directory) {
            super(directory.toString(), CheckedSnapshotStorage.this, raftOptions);
            this.directory = directory;
        }

        /** Called for each file that was copied whole; saving describes what it just read. */
        @Override
        public boolean addFile(String name, Message description) {
            if (copier != null && description instanceof LocalFileMeta described) {
                String fault = SnapshotFiles.fault(directory.resolve(name), described);
                if (fault != null) {
                    refuse(fault);
                    return false;
                }
            }
            return super.addFile(name, description);
        }

        @Override
        public void close(boolean keepDataOnError) throws IOException {
            Copier copying = copier;
            if (copying != null) {
                copier = null;
                if (isOk() && copying.isOk()) {
                    verify(copying);
                }
            }
            super.close(keepDataOnError);
        }

        private void verify(Copier copying) throws IOException {
            try {
                long applied = EventStore.verifiedApplied(directory.resolve(SnapshotFiles.STORE));
                Folders.force(directory.resolve(SnapshotFiles.STORE));
                Folders.force(directory);
                if (applied < getSnapshotIndex()) {
                    refuse("it ends at entry " + applied + ", not " + getSnapshotIndex(), copying);
                }
            } catch (RocksDBException | RuntimeException e) {
                refuse(EventDatabase.message(e), copying);
            }
        }

        private void refuse(String reason) {
            Copier copying = copier;
            if (copying != null) {
                refuse(reason, copying);
            }
        }

        private void refuse(String reason, Copier copying) {
            LOG.error(
                    "snapshot of the journal copied from the leader is refused, nothing here is replaced: {}."
                            + " It is tried again. If this comes back, the leader's snapshot in its own {} is damaged:"
                            + " stop that node, so that another one leads, and replace it.",
                    reason,
                    path);
            copying.refuse(reason);
            setError(RaftError.EBUSY, "%s", reason);
        }
    }
}
