package io.antler.journal;

import java.util.concurrent.CompletableFuture;

/** One node of a group under test, in this JVM or in one of its own. */
interface Peer {
    NodeId node();

    /** Never fails: {@link Answer.NotKnown} also when the peer is dead. */
    CompletableFuture<Answer> ask(Request request);

    /** Of this peer's own clock, nanoseconds. */
    long now();

    /**
     * The moment, on the clock of whoever tests, at which this peer's own clock shows {@code reading}. Clocks differ in rate
     * and in zero; only who stands outside can compare them.
     */
    long trueTime(long reading);
}
