package io.antler.gate;

import akka.Done;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was asked of it, and does it at once. */
public final class FakeDoor implements Door {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** "shut", "open", "remove", "remove leftover", in the order of the calls. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public CompletionStage<Done> shut() {
        return done("shut");
    }

    @Override
    public CompletionStage<Done> open() {
        return done("open");
    }

    @Override
    public CompletionStage<Done> remove() {
        return done("remove");
    }

    @Override
    public CompletionStage<Boolean> removeLeftover() {
        return done("remove leftover").thenApply(done -> false);
    }

    private CompletionStage<Done> done(String call) {
        calls.add(call);
        return CompletableFuture.completedFuture(Done.getInstance());
    }
}
