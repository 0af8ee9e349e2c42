package io.antler.journal;

/**
 * The journal takes nothing new for want of space. Whether this append is stored is as little known as with {@link
 * OutcomeNotKnown}: an attempt at an earlier leader may have been.
 */
public final class DiskFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DiskFull(String node, String path, long freeBytes) {
        super("the journal takes nothing new: the file system of " + path + " on node " + node + " has only "
                + freeBytes + " bytes free, and no other node can lead. Make room there, by deleting other files or by"
                + " extending it: the journal then goes on by itself");
    }
}
