package io.antler.journal.disk;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** A file is not as this node left it. The message names it. */
public final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Damaged(Path file, String how, @Nullable Throwable cause) {
        super(file + " is damaged: " + how, cause);
    }

    /** Whether files are damaged or missing, rather than in use, not permitted, or the disk full. */
    public static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        return status != null
                && switch (status.getCode()) {
                    case Corruption, NotFound -> true;
                    case IOError -> String.valueOf(e.getMessage()).contains("No such file");
                    default -> false;
                };
    }
}
