/**
 * Orphans: changes that a deposed master had and the journal never got. {@link io.antler.master.orphans.OrphanKeeper}
 * finds them in the directories that were moved aside, {@link io.antler.master.orphans.Orphans} keeps them. Nothing here
 * ever replays or deletes one.
 */
@NullMarked
package io.antler.master.orphans;

import org.jspecify.annotations.NullMarked;
