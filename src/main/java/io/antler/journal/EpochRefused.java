package io.antler.journal;

/** A newer master took the persistence id over. Final for this epoch. */
public final class EpochRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long epoch;
    private final long current;

    public EpochRefused(Epoch epoch, Epoch current) {
        super("epoch " + epoch + " is refused, the journal is at epoch " + current);
        this.epoch = epoch.value();
        this.current = current.value();
    }

    public Epoch epoch() {
        return new Epoch(epoch);
    }

    public Epoch current() {
        return new Epoch(current);
    }
}
