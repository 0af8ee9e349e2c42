package io.antler.journal;

import static io.antler.journal.TestGroup.event;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.antler.lab.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.RocksDBException;

/** A replica without a group: the test hands it its log, and takes and gives its snapshots as JRaft does. */
final class LoneReplica implements AutoCloseable {
    final AtomicLong clock = new AtomicLong(100);
    final EventStore store;
    final Replica replica;
    private final CheckedSnapshotStorage snapshots;
    private final List<Throwable> failures = new ArrayList<>();

    LoneReplica(Path directory) throws RocksDBException {
        store = new StoreOpening(directory.resolve("events")).open();
        replica = new Replica(store, clock::get);
        replica.onFailure(failures::add);
        snapshots = new CheckedSnapshotStorage(directory.resolve("snapshot").toString(), new RaftOptions());
        snapshots.init(null);
    }

    static byte[] append(String persistenceId, long sequenceNr, String text) {
        return new Entry.Append(
                        persistenceId,
                        Epoch.NONE,
                        sequenceNr,
                        List.of(event(text).encoded()))
                .encoded();
    }

    void apply(long index, Entry entry) {
        replica.onApply(new Committed(index, entry.encoded()));
    }

    /** Events first to last of {@code p}, each in the entry of its own number. */
    void append(long first, long last) {
        for (long i = first; i <= last; i++) {
            replica.onApply(new Committed(i, append("p", i, "e" + i)));
        }
    }

    List<Throwable> failures() {
        return failures;
    }

    /** Begins a snapshot as JRaft does on the applying thread; ends on another one. */
    CompletableFuture<Path> snapshot(long index) {
        var meta = SnapshotMeta.newBuilder()
                .setLastIncludedIndex(index)
                .setLastIncludedTerm(1)
                .build();
        SnapshotWriter writer = Objects.requireNonNull(snapshots.create());
        var made = new CompletableFuture<Path>();
        replica.snapshots().save(writer, meta, new Closure() {
            @Override
            public void run(Status status) {
                try {
                    writer.saveMeta(meta);
                    writer.close();
                    try (SnapshotReader reader = lastSnapshot()) {
                        made.complete(Path.of(reader.getPath()));
                    }
                } catch (IOException | RuntimeException e) {
                    made.completeExceptionally(e);
                }
            }
        });
        return made;
    }

    Path snapshotNow(long index) {
        return Await.of(snapshot(index));
    }

    private SnapshotReader lastSnapshot() {
        return Objects.requireNonNull(snapshots.open());
    }

    /** What a follower does with what it copied. */
    boolean load(LoneReplica from) {
        try (SnapshotReader reader = from.lastSnapshot()) {
            return replica.onSnapshotLoad(reader);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<String> texts(String persistenceId) {
        return TestGroup.texts(replica.histories().read(persistenceId, 1, Long.MAX_VALUE, 10_000));
    }

    @Override
    public void close() throws RocksDBException {
        replica.close();
        store.close();
    }
}
