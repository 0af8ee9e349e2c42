package io.antler.restore;

/** Hears how far a restore is; on several threads, one call at a time of each method. Must not block. */
public interface RestoreProgress {
    /** The changelogs are being put in order; how many there will be is not known. */
    void reading(long version);

    /** The stock program is at {@code version}, of the changes from {@code first} until before {@code until}. */
    void replaying(long version, long first, long until);
}
