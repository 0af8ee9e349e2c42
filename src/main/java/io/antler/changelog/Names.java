package io.antler.changelog;

import java.util.Arrays;

/**
 * What inodes are called: the entries of all directories, as an image has them and changes make them. About 30 bytes and
 * the name for each entry. Not thread-safe.
 *
 * <p>What was removed keeps its last name until its number is used again.
 */
public final class Names {
    static final int ROOT = 1;

    private static final int NONE = -1;
    private static final int MOST_TENTHS = 6;
    private static final int DEEPEST = 2000;
    /** A path in the trash has 1024 bytes at most. */
    private static final int LONGEST = 1024;

    private static final byte LIVE = 0;
    private static final byte REMOVED = 1;
    /** Its name is a whole path, its parent 0. */
    private static final byte IN_TRASH = 2;
    /** The same, back from the trash. */
    private static final byte LIVE_PATH = 3;

    private final long mostBytes;
    private final NamePool pool = new NamePool();
    private int[] parent = new int[1024];
    private int[] child = new int[1024];
    private int[] name = new int[1024]; // in the pool
    private byte[] state = new byte[1024];
    private int[] nextOfEntry = new int[1024]; // with the same hash; or the next free
    private int[] nextOfChild = new int[1024]; // of the same hash
    private int[] byEntry = filled(1024);
    private int[] byChild = filled(1024);
    private int used; // edges from here on were never used
    private int free = NONE;
    private int count;
    private final int[] way = new int[DEEPEST];

    /** @param mostBytes of memory; more is refused */
    public Names(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** With most of the memory that this program may use. */
    public static Names ofThisSize() {
        return new Names(Runtime.getRuntime().maxMemory() / 10 * MOST_TENTHS);
    }

    private static int[] filled(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, NONE);
        return slots;
    }

    /** Entries, also removed ones. */
    public int size() {
        return count;
    }

    private int childSlot(int inode) {
        return mixed(inode) & byChild.length - 1;
    }

    private int entrySlot(int directory, byte[] bytes, int from, int to) {
        int hash = directory * 0x9E3779B1;
        for (int at = from; at < to; at++) {
            hash = (hash ^ bytes[at]) * 0x01000193;
        }
        return mixed(hash) & byEntry.length - 1;
    }

    private static int mixed(int hash) {
        int mixed = hash * 0x85EBCA6B;
        return mixed ^ mixed >>> 15;
    }

    private int find(int directory, byte[] bytes, int from, int to) {
        for (int edge = byEntry[entrySlot(directory, bytes, from, to)]; edge >= 0; edge = nextOfEntry[edge]) {
            if (parent[edge] == directory && pool.equal(name[edge], bytes, from, to)) {
                return edge;
            }
        }
        return NONE;
    }

    private int newest(int inode) {
        int best = NONE;
        for (int edge = byChild[childSlot(inode)]; edge >= 0; edge = nextOfChild[edge]) {
            if (child[edge] == inode && (best < 0 || (isGone(best) && !isGone(edge)))) {
                best = edge;
            }
        }
        return best;
    }

    private boolean isGone(int edge) {
        return state[edge] == REMOVED || state[edge] == IN_TRASH;
    }

    /** Whether it has a name that was not removed. */
    boolean has(int inode) {
        int edge = newest(inode);
        return edge >= 0 && !isGone(edge);
    }

    /** 0: it has no such entry. */
    int inode(int directory, byte[] bytes, int from, int to) {
        int edge = find(directory, bytes, from, to);
        return edge < 0 ? 0 : child[edge];
    }

    /**
     * There is an entry now. Another one of the same name is removed by it; a hard link stays.
     *
     * @throws NamesFull if that is too much for the memory
     */
    void link(int directory, byte[] bytes, int from, int to, int inode) {
        int there = find(directory, bytes, from, to);
        if (there >= 0 && child[there] == inode) {
            return;
        }
        if (there >= 0) {
            remove(there);
        }
        forgetGone(inode);
        add(directory, bytes, from, to, inode, LIVE);
    }

    /** The entry is removed. */
    void unlink(int directory, byte[] bytes, int from, int to, int inode) {
        int edge = find(directory, bytes, from, to);
        boolean known = edge >= 0 && child[edge] == inode;
        if (edge >= 0) {
            remove(edge);
        }
        if (!known && newest(inode) < 0) {
            add(directory, bytes, from, to, inode, REMOVED);
        }
    }

    private void remove(int edge) {
        takeOut(byEntry, nextOfEntry, entrySlotOf(edge), edge);
        state[edge] = REMOVED;
        if (has(child[edge])) {
            drop(edge);
        }
    }

    /** Its only name is a path in the trash now. */
    void trash(int inode, byte[] bytes, int from, int to) {
        forgetGone(inode);
        add(0, bytes, from, to, inode, IN_TRASH);
    }

    /** It has its last name again. */
    void revive(int inode) {
        int edge = newest(inode);
        if (edge < 0 || !isGone(edge)) {
            return;
        }
        if (state[edge] == IN_TRASH) {
            state[edge] = LIVE_PATH;
        } else {
            state[edge] = LIVE;
            putIn(byEntry, nextOfEntry, entrySlotOf(edge), edge);
        }
    }

    private void forgetGone(int inode) {
        int edge = byChild[childSlot(inode)];
        while (edge >= 0) {
            int next = nextOfChild[edge];
            if (child[edge] == inode && isGone(edge)) {
                drop(edge);
            }
            edge = next;
        }
    }

    private void add(int directory, byte[] bytes, int from, int to, int inode, byte newState) {
        int begin = Math.max(from, to - LONGEST);
        int edge = free;
        if (edge >= 0) {
            free = nextOfEntry[edge];
        } else {
            grow();
            edge = used++;
        }
        parent[edge] = directory;
        child[edge] = inode;
        state[edge] = newState;
        name[edge] = pool.add(bytes, begin, to);
        count++;
        putIn(byChild, nextOfChild, childSlot(inode), edge);
        if (newState == LIVE) {
            putIn(byEntry, nextOfEntry, entrySlotOf(edge), edge);
        }
        if (pool.mostlyGarbage()) {
            tidy();
        }
        checkSize();
    }

    /** It is in no list of entries any more. */
    private void drop(int edge) {
        takeOut(byChild, nextOfChild, childSlot(child[edge]), edge);
        pool.free(name[edge]);
        child[edge] = 0; // no inode
        nextOfEntry[edge] = free;
        free = edge;
        count--;
    }

    private static void putIn(int[] slots, int[] next, int slot, int edge) {
        next[edge] = slots[slot];
        slots[slot] = edge;
    }

    private static void takeOut(int[] slots, int[] next, int slot, int edge) {
        if (slots[slot] == edge) {
            slots[slot] = next[edge];
            return;
        }
        int before = slots[slot];
        while (next[before] != edge) {
            before = next[before];
        }
        next[before] = next[edge];
    }

    private int entrySlotOf(int edge) {
        int at = pool.position(name[edge]);
        return entrySlot(parent[edge], pool.chunk(name[edge]), at, at + pool.length(name[edge]));
    }

    private void grow() {
        if (used < parent.length) {
            return;
        }
        int length = parent.length + (parent.length >> 1);
        checkSize(37L * (length - parent.length));
        parent = Arrays.copyOf(parent, length);
        child = Arrays.copyOf(child, length);
        name = Arrays.copyOf(name, length);
        state = Arrays.copyOf(state, length);
        nextOfEntry = Arrays.copyOf(nextOfEntry, length);
        nextOfChild = Arrays.copyOf(nextOfChild, length);
        if (length > byEntry.length) {
            byEntry = filled(byEntry.length * 2);
            byChild = filled(byChild.length * 2);
            for (int edge = 0; edge < used; edge++) {
                if (child[edge] != 0) {
                    putIn(byChild, nextOfChild, childSlot(child[edge]), edge);
                    if (state[edge] == LIVE) {
                        putIn(byEntry, nextOfEntry, entrySlotOf(edge), edge);
                    }
                }
            }
        }
    }

    private void tidy() {
        var tidied = new NamePool();
        for (int edge = 0; edge < used; edge++) {
            if (child[edge] != 0) {
                int at = pool.position(name[edge]);
                name[edge] = tidied.add(pool.chunk(name[edge]), at, at + pool.length(name[edge]));
            }
        }
        pool.become(tidied);
    }

    private void checkSize() {
        checkSize(0);
    }

    private void checkSize(long more) {
        if (21L * parent.length + 4L * (byEntry.length + byChild.length) + pool.bytes() + more > mostBytes) {
            throw new NamesFull(count, mostBytes);
        }
    }

    /** Its path, and whether that is its last one; or its number. */
    void show(int inode, Text out) {
        int edge = inode == ROOT ? NONE : newest(inode);
        if (edge < 0) {
            unknown(inode, out);
            return;
        }
        int start = out.length();
        if (path(edge, out)) {
            out.quoted(start);
        }
        if (isGone(edge)) {
            out.add(" (removed)");
        }
    }

    private static void unknown(int inode, Text out) {
        if (inode == ROOT) {
            out.add('/');
        } else {
            out.add("inode ").number(Integer.toUnsignedLong(inode));
        }
    }

    /**
     * Its path, with a slash at the end.
     *
     * @return whether it must stand between quotation marks
     */
    boolean directory(int inode, Text out) {
        if (inode == ROOT) {
            out.add('/');
            return false;
        }
        int edge = newest(inode);
        if (edge < 0) {
            out.add("(inode ").number(Integer.toUnsignedLong(inode)).add(")/");
            return false;
        }
        boolean quote = path(edge, out);
        out.add('/');
        return quote;
    }

    private boolean path(int last, Text out) {
        int length = 0;
        int edge = last;
        boolean quote = false;
        while (true) {
            if (length == DEEPEST) {
                out.add("(...)"); // changes of a damaged file can make a ring
                break;
            }
            way[length++] = edge;
            int above = parent[edge];
            if (above == ROOT || above == 0) {
                break;
            }
            edge = newest(above);
            if (edge < 0) {
                out.add("(inode ").number(Integer.toUnsignedLong(above)).add(')');
                break;
            }
        }
        while (length > 0) {
            int each = way[--length];
            out.add('/');
            int at = pool.position(name[each]);
            quote |= out.shown(pool.chunk(name[each]), at, at + pool.length(name[each]));
        }
        return quote;
    }
}
