package io.antler.collector;

/**
 * Whether the files of a lane are believed.
 *
 * <pre>
 * trusted ──(contradicts others)──► in dispute, one of a camp ──(agrees with another camp, or with a trusted one)──► trusted
 *    └──────(contradicts the source of a newer image)──► overruled ──(agrees with a trusted one)──► trusted
 * </pre>
 */
final class Standing {
    private static final int TRUSTED = 0;
    private static final int OVERRULED = -1;

    private final Lane lane;
    private int camp = TRUSTED;

    Standing(Lane lane) {
        this.lane = lane;
    }

    Lane lane() {
        return lane;
    }

    boolean trusted() {
        return camp == TRUSTED;
    }

    boolean inDispute() {
        return camp > 0;
    }

    void trust() {
        camp = TRUSTED;
    }

    void overrule() {
        camp = OVERRULED;
    }

    /** @param newCamp number of those that said the same; above 0 */
    void dispute(int newCamp) {
        camp = newCamp;
    }

    int camp() {
        return camp;
    }
}
