package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.antler.journal.disk.Damaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens an event store, or says why not.
 *
 * <p>A damaged one can be rebuilt: it is moved aside, and the Raft library fills an empty one from this node's own snapshot
 * and log, as it does after a power loss. Damage that is found while the store is in use is marked, so that the next
 * start reads everything before it trusts it.
 */
final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private static final String MARK = "SUSPECT";

    private final StoreDirectory directory;

    StoreOpening(Path directory) {
        this.directory = new StoreDirectory(directory);
    }

    /** @throws JournalUnusable if it is damaged, or another process has it open */
    EventStore open() {
        try {
            return verified();
        } catch (JournalDamaged e) {
            throw new JournalUnusable(e.getMessage() + ". " + JournalUnusable.COPY_FROM_OTHERS, e);
        }
    }

    /**
     * As {@link #open}, but a damaged store is moved aside and an empty one opened.
     *
     * @param raftLog must be there: it is what the store is rebuilt from
     */
    EventStore openOrRebuild(Path raftLog) {
        try {
            return verified();
        } catch (JournalDamaged e) {
            if (!Files.exists(raftLog.resolve("CURRENT"))) {
                throw new JournalUnusable(
                        e.getMessage() + ", and there is no Raft log in " + raftLog + " to rebuild it from. "
                                + JournalUnusable.COPY_FROM_OTHERS,
                        e);
            }
            Path aside = moveAside(e);
            LOG.error(
                    "{}. It is now in {} and is rebuilt from this node's own snapshot and Raft log."
                            + " Check the disk of this node; remove {} when nobody needs it any more.",
                    e.getMessage(),
                    aside,
                    aside);
            return open();
        }
    }

    private Path moveAside(JournalDamaged reason) {
        try {
            return directory.moveAside();
        } catch (IOException e) {
            throw new JournalUnusable(
                    reason.getMessage() + ", and cannot be moved aside: " + e + ". Check the disk of this node.", e);
        }
    }

    private EventStore verified() {
        try {
            directory.recover();
            if (directory.isHeadless()) {
                throw new JournalDamaged(
                        "The event store " + directory.current() + " is damaged: its file CURRENT is missing", null);
            }
            EventDatabase database = EventDatabase.open(directory.current());
            verifyIfMarked(database);
            return new EventStore(directory, database);
        } catch (RocksDBException | RuntimeException e) {
            throw e instanceof JournalDamaged damaged ? damaged : unusable(e);
        } catch (IOException e) {
            throw new JournalUnusable(
                    "The event store " + directory.current() + " cannot be used: " + e
                            + ". Check the disk of this node, and that this user may write there.",
                    e);
        }
    }

    private void verifyIfMarked(EventDatabase database) throws RocksDBException, IOException {
        Path mark = directory.current().resolve(MARK);
        if (Files.exists(mark)) {
            try {
                database.rocks().verifyChecksum();
                Files.delete(mark);
            } catch (RocksDBException | IOException e) {
                database.close();
                throw e;
            }
        }
    }

    private RuntimeException unusable(Exception e) {
        String place = "The event store " + directory.current();
        if (EventDatabase.isNewer(e)) {
            return new JournalUnusable(
                    place + " was written by a newer release of Antler: " + EventDatabase.message(e)
                            + ". Install that release here.",
                    e);
        }
        if (e instanceof RocksDBException rocks && Damaged.isDamage(rocks)) {
            return new JournalDamaged(place + " is damaged: " + EventDatabase.message(e), e);
        }
        return new JournalUnusable(
                place + " cannot be opened: " + EventDatabase.message(e)
                        + ". If another Antler process runs on this directory, stop it first;"
                        + " else check the disk of this node, and that this user may write there.",
                e);
    }

    /** What to tell whoever needed the store, which is open. */
    RuntimeException failed(String what, RocksDBException e) {
        if (!Damaged.isDamage(e)) {
            return new IllegalStateException(
                    what + ": " + EventDatabase.message(e) + "; check the disk of this node", e);
        }
        var damaged = new JournalDamaged(
                what + ", the event store is damaged: " + EventDatabase.message(e)
                        + ". When this node starts again, it rebuilds the store from its own snapshot and Raft log,"
                        + " or says why it cannot.",
                e);
        try {
            Files.writeString(directory.current().resolve(MARK), damaged.getMessage() + "\n", UTF_8);
        } catch (IOException notMarked) {
            damaged.addSuppressed(notMarked);
        }
        return damaged;
    }
}
