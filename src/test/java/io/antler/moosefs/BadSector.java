package io.antler.moosefs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file on a disk that cannot be read any further from one byte on. */
public final class BadSector extends FilterInputStream {
    private long left;

    public BadSector(InputStream in, long offset) {
        super(in);
        this.left = offset;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (left == 0) {
            throw new IOException("Input/output error");
        }
        int count = super.read(bytes, from, (int) Math.min(length, left));
        left -= Math.max(count, 0);
        return count;
    }
}
