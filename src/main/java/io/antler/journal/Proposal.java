package io.antler.journal;

import akka.util.ByteString;
import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import java.util.concurrent.CompletableFuture;

/** What the leader's log has of a proposal: completed when it is applied there, or when this attempt has come to nothing. */
final class Proposal implements Closure {
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    CompletableFuture<Reply> reply() {
        return reply;
    }

    void applied(Applied applied) {
        reply.complete(new Reply.Done(ByteString.fromArrayUnsafe(applied.encoded())));
    }

    /** JRaft calls it itself only with an error. */
    @Override
    public void run(Status status) {
        reply.complete(new Reply.TryAgain(String.valueOf(status.getErrorMsg())));
    }
}
