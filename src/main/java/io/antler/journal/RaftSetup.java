package io.antler.journal;

import akka.actor.ActorSystem;
import akka.actor.setup.Setup;

/** Hands the {@link RaftGroup}, which is older than the actor system, to the journal plugin. */
public final class RaftSetup extends Setup {
    private final RaftGroup group;

    public RaftSetup(RaftGroup group) {
        this.group = group;
    }

    public static RaftGroup groupOf(ActorSystem system) {
        return system.settings()
                .setup()
                .get(RaftSetup.class)
                .orElseThrow(() -> new IllegalStateException("the actor system " + system.name()
                        + " was created without a RaftSetup, so its journal plugin has no Raft group"))
                .group;
    }
}
