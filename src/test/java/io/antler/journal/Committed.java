package io.antler.journal;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Committed entries from an index on, as JRaft hands them over. */
final class Committed implements Iterator {
    private final List<byte[]> entries;
    private final long first;
    private int position;
    private @Nullable Status error;

    Committed(long first, byte[]... entries) {
        this.first = first;
        this.entries = List.of(entries);
    }

    @Nullable
    Status error() {
        return error;
    }

    @Override
    public boolean hasNext() {
        return error == null && position < entries.size();
    }

    @Override
    public ByteBuffer next() {
        ByteBuffer data = getData();
        position++;
        return data;
    }

    @Override
    public ByteBuffer getData() {
        return ByteBuffer.wrap(entries.get(position));
    }

    @Override
    public long getIndex() {
        return first + position;
    }

    @Override
    public long getTerm() {
        return 1;
    }

    @Override
    public @Nullable Closure done() {
        return null;
    }

    @Override
    public boolean commit() {
        return false;
    }

    @Override
    public void commitAndSnapshotSync(Closure done) {}

    @Override
    public void setAutoCommitPerLog(boolean status) {}

    @Override
    public void setErrorAndRollback(long count, Status status) {
        error = status;
    }
}
