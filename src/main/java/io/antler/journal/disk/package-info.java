/**
 * What the Raft peer keeps on its disk besides the events, and the disk itself: its log, its vote, the free space, the time a
 * write takes. Knows nothing of the journal above it.
 *
 * <p>A damaged file is refused, never shortened in silence: what a peer has acknowledged it must not forget. A full disk is
 * waited for, because for JRaft a failed write is the end.
 */
@NullMarked
package io.antler.journal.disk;

import org.jspecify.annotations.NullMarked;
