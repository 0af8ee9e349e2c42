package io.antler.changelog;

import java.util.Arrays;

/**
 * Many short byte strings, one behind the other: two bytes of length, then the string, at multiples of 4.
 *
 * <p>A string is named by its place divided by 4, so that there is room for 8 GiB.
 */
final class NamePool {
    private static final int CHUNK = 1 << 20;
    private static final int CHUNK_PLACES = CHUNK / 4;
    private static final int LENGTH = 2;

    private byte[][] chunks = new byte[1][CHUNK];
    private int used = 1; // chunks
    private int next; // place in the last chunk
    private long live;
    private long freed;

    /** @return its name; at most 65535 bytes */
    int add(byte[] bytes, int from, int to) {
        int places = places(to - from);
        if (next + places > CHUNK_PLACES) {
            if (used == chunks.length) {
                chunks = Arrays.copyOf(chunks, used + Math.max(16, used / 4));
            }
            chunks[used++] = new byte[CHUNK];
            next = 0;
        }
        int added = (used - 1) * CHUNK_PLACES + next;
        byte[] chunk = chunks[used - 1];
        int at = next * 4;
        chunk[at] = (byte) ((to - from) >> 8);
        chunk[at + 1] = (byte) (to - from);
        System.arraycopy(bytes, from, chunk, at + LENGTH, to - from);
        next += places;
        live += places;
        return added;
    }

    private static int places(int length) {
        return (length + LENGTH + 3) / 4;
    }

    void free(int name) {
        int places = places(length(name));
        live -= places;
        freed += places;
    }

    boolean mostlyGarbage() {
        return freed > live && freed > CHUNK_PLACES;
    }

    byte[] chunk(int name) {
        return chunks[name / CHUNK_PLACES];
    }

    /** In its chunk. */
    int position(int name) {
        return name % CHUNK_PLACES * 4 + LENGTH;
    }

    int length(int name) {
        byte[] chunk = chunk(name);
        int at = position(name) - LENGTH;
        return (chunk[at] & 0xFF) << 8 | (chunk[at + 1] & 0xFF);
    }

    boolean equal(int name, byte[] bytes, int from, int to) {
        int at = position(name);
        return Arrays.equals(chunk(name), at, at + length(name), bytes, from, to);
    }

    long bytes() {
        return (long) used * CHUNK;
    }

    /** Takes over what the other one has. */
    void become(NamePool other) {
        chunks = other.chunks;
        used = other.used;
        next = other.next;
        live = other.live;
        freed = other.freed;
    }
}
