/**
 * Akka Persistence on a Raft group, with epochs that fence and the mastership lease. Knows nothing of MooseFS.
 *
 * <p>{@link io.antler.journal.RaftGroup} is where to start: it is opened before the actor system and handed to it in a {@link
 * io.antler.journal.RaftSetup}; {@link io.antler.journal.RaftJournal} and {@link io.antler.journal.RaftReadJournal} are
 * Akka's plugins on it. {@link io.antler.journal.Fence} and {@link io.antler.journal.LeaseWatch} are the rules that every
 * replica applies, {@link io.antler.journal.MastershipLease} is the lease as its holder sees it.
 */
@NullMarked
package io.antler.journal;

import org.jspecify.annotations.NullMarked;
