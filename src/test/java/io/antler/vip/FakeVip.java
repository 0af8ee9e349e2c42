package io.antler.vip;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells each call to a probe. Answers at once unless it is told to be silent or to fail. */
public final class FakeVip implements VipProvider {
    private final ActorRef<String> calls;
    private volatile Optional<MacAddress> foreignOwner = Optional.empty();
    private volatile String silentFor = "";
    private volatile String failing = "";

    /** @param calls is told "probe", "take until N", "refresh until N", "announce", "give up", "remove leftover" */
    public FakeVip(ActorRef<String> calls) {
        this.calls = calls;
    }

    public void owner(Optional<MacAddress> owner) {
        foreignOwner = owner;
    }

    /** Calls that begin with this word are never answered. */
    public void neverAnswer(String call) {
        silentFor = call;
    }

    /** Calls that begin with this word fail from now on; "" for none. */
    public void fail(String call) {
        failing = call;
    }

    @Override
    public String description() {
        return "address=10.0.0.9/24 interface=eth0";
    }

    @Override
    public CompletionStage<Done> take(long leaseUntil) {
        return answer("take until " + leaseUntil, Done.getInstance());
    }

    @Override
    public CompletionStage<Done> refresh(long leaseUntil) {
        return answer("refresh until " + leaseUntil, Done.getInstance());
    }

    @Override
    public CompletionStage<Done> giveUp() {
        return answer("give up", Done.getInstance());
    }

    @Override
    public CompletionStage<Optional<MacAddress>> probe() {
        return answer("probe", foreignOwner);
    }

    @Override
    public CompletionStage<Done> announce() {
        return answer("announce", Done.getInstance());
    }

    @Override
    public CompletionStage<Boolean> removeLeftover() {
        return answer("remove leftover", false);
    }

    private <T> CompletionStage<T> answer(String call, T value) {
        calls.tell(call);
        if (!failing.isEmpty() && call.startsWith(failing)) {
            return CompletableFuture.failedFuture(new VipUnusable(failing + " did not work"));
        }
        return !silentFor.isEmpty() && call.startsWith(silentFor)
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(value);
    }
}
