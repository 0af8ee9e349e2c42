package io.antler.node;

import io.antler.metalogger.Checkpoint;
import io.antler.restore.HotStandby;
import io.antler.restore.StandbyFeed;

/** Starts hot standbys in this node's directory. */
final class Standbys {
    private final Premises premises;

    Standbys(Premises premises) {
        this.premises = premises;
    }

    StandbyFeed.Starter starter(long version) {
        return listener -> {
            Checkpoint checkpoint = premises.checkpoints().all().stream()
                    .filter(candidate -> candidate.version() == version)
                    .findFirst()
                    .orElseThrow();
            return HotStandby.start(premises.standbySettings(), checkpoint.image(), version, listener);
        };
    }
}
