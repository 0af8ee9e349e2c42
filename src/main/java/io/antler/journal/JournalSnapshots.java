package io.antler.journal;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of the whole journal, by which the Raft log gets rid of its beginning and a node that was away gets what the
 * log no longer has. One is a copy of the event store that shares its sorted tables (hard links), so it costs a flush and no
 * space of its own until they are compacted away.
 *
 * <p>It is made on a thread of its own while entries go on to be applied, so it may have more than its index says. That is
 * harmless: the index of the last applied entry is in the store, and what is applied already is skipped.
 */
final class JournalSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(JournalSnapshots.class);

    private final EventStore store;
    private final List<EventStore.Table> tables;
    private final SnapshotFiles files = new SnapshotFiles();
    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("antler-journal-snapshot").factory());
    private volatile long lastIndex;
    private volatile Consumer<Path> copied = _ -> {};

    /** @param tables to load when the store's content has been replaced, in this order */
    JournalSnapshots(EventStore store, List<EventStore.Table> tables) {
        this.store = store;
        this.tables = List.copyOf(tables);
    }

    /** Index of the last one on this node; 0 while there is none. */
    long lastIndex() {
        return lastIndex;
    }

    /** Told, on the thread of snapshots, of each copy of the store that is about to become one. */
    void onCopied(Consumer<Path> listener) {
        copied = listener;
    }

    /** Returns at once; {@code done} is run in any case. */
    void save(SnapshotWriter writer, SnapshotMeta meta, Closure done) {
        long index = meta.getLastIncludedIndex();
        executor.execute(() -> {
            Status status;
            try {
                save((LocalSnapshotWriter) writer, meta);
                lastIndex = index;
                status = Status.OK();
            } catch (RocksDBException e) {
                status = notMade(index, store.failed("the event store not copied", e));
            } catch (IOException | RuntimeException e) {
                status = notMade(index, e);
            }
            done.run(status);
        });
    }

    private static Status notMade(long index, Exception e) {
        LOG.warn(
                "index={} no snapshot of the journal made, the Raft log keeps growing: {};"
                        + " check disk space and the disk of this node. It is tried again later.",
                index,
                e.getMessage());
        return new Status(RaftError.EBUSY, "%s", e.getMessage());
    }

    private void save(LocalSnapshotWriter writer, SnapshotMeta meta) throws IOException, RocksDBException {
        Path directory = Path.of(writer.getPath());
        Path copy = directory.resolve(SnapshotFiles.STORE);
        store.checkpoint(copy);
        copied.accept(copy);
        long applied = EventStore.applied(copy);
        if (applied < meta.getLastIncludedIndex()) {
            throw new IllegalStateException("the copy ends at entry " + applied);
        }
        for (String name : SnapshotFiles.names(directory)) {
            writer.addFile(name, files.describe(directory.resolve(name)));
        }
        files.retain(directory);
        Folders.force(copy);
        writer.saveMeta(meta);
        if (!writer.sync()) { // JRaft does it again, but takes its failure for the end of this node
            throw new IOException("the list of files in " + directory + " cannot be written");
        }
        Folders.force(directory);
        LOG.info("index={} snapshot of the journal made", applied);
    }

    /**
     * Puts the snapshot in the place of what is stored, unless that is as new. Applying thread.
     *
     * @throws JournalDamaged if it is not whole; then nothing is replaced
     */
    void load(SnapshotReader reader) throws IOException, RocksDBException {
        long index = reader.load().getLastIncludedIndex();
        lastIndex = index;
        if (store.applied() >= index) {
            return;
        }
        long before = store.applied();
        Path directory = Path.of(reader.getPath());
        verify(reader, directory, index);
        store.replaceBy(directory.resolve(SnapshotFiles.STORE), tables);
        LOG.info("index={} journal installed from a snapshot, was at {}", store.applied(), before);
    }

    private static void verify(SnapshotReader reader, Path directory, long index) {
        for (String name : reader.listFiles()) {
            String fault = SnapshotFiles.fault(directory.resolve(name), (LocalFileMeta) reader.getFileMeta(name));
            if (fault != null) {
                throw damaged(directory, fault, null);
            }
        }
        try {
            long applied = EventStore.verifiedApplied(directory.resolve(SnapshotFiles.STORE));
            if (applied < index) {
                throw damaged(directory, "it ends at entry " + applied + ", not " + index, null);
            }
        } catch (RocksDBException e) {
            throw damaged(directory, EventDatabase.message(e), e);
        }
    }

    private static JournalDamaged damaged(Path directory, String fault, @Nullable Exception cause) {
        return new JournalDamaged(
                "the snapshot " + directory + " is needed and not usable: " + fault + ". "
                        + JournalUnusable.COPY_FROM_OTHERS,
                cause);
    }

    /** JRaft has ended, so nothing is being made. */
    void close() {
        executor.shutdown();
    }
}
