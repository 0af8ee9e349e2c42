package io.antler.journal;

/** What applying one log entry comes to: the same on every replica, and what the one who asked for it is told. */
sealed interface Outcome permits Fence.Verdict, SideLeases.Answer, Members.Answer, ActorSnapshots.Changed {}
