package io.antler.journal.transport;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.impl.core.NodeRequestProcessor;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import com.google.protobuf.Message;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * In place of JRaft's own, which numbers answers per pair of peers and not per connection: an answer that a lost
 * connection still owed can hold up those of the next one for ever. Here the {@link Session} keeps the order of requests, and
 * the leader sorts the answers itself.
 *
 * <p>Entries for which there is no room are not taken, and the leader tries again later. Once JRaft has them, whoever asks
 * it for its last entry waits until they are written, as each vote does.
 */
final class AppendProcessor extends NodeRequestProcessor<AppendEntriesRequest> {
    private final BooleanSupplier room;
    private volatile String refused = "";

    AppendProcessor(Executor heartbeats, BooleanSupplier room) {
        super(heartbeats, AppendEntriesResponse.getDefaultInstance());
        this.room = room;
    }

    @Override
    protected Message processRequest0(RaftServerService node, AppendEntriesRequest request, RpcRequestClosure done) {
        return mustWait(request)
                ? RpcFactoryHelper.responseFactory()
                        .newResponse(
                                AppendEntriesResponse.getDefaultInstance(),
                                RaftError.EBUSY,
                                "%s has no room for more of the log",
                                request.getPeerId())
                : node.handleAppendEntriesRequest(request, done);
    }

    /**
     * A leader whose entries were refused probes from then on with empty requests. While those are refused, too, it does not
     * send all that is missing again with each heartbeat; its first one must pass, or it would not know what is missing.
     */
    private boolean mustWait(AppendEntriesRequest request) {
        boolean entries = request.getEntriesCount() > 0;
        boolean probe = !entries && request.hasData(); // a heartbeat has no data, not even empty
        String leader = request.getServerId() + " in term " + request.getTerm();
        boolean wait = (entries || (probe && leader.equals(refused))) && !room.getAsBoolean();
        if (wait) {
            refused = leader;
        }
        return wait;
    }

    @Override
    protected String getPeerId(AppendEntriesRequest request) {
        return request.getPeerId();
    }

    @Override
    protected String getGroupId(AppendEntriesRequest request) {
        return request.getGroupId();
    }

    @Override
    public String interest() {
        return AppendEntriesRequest.class.getName();
    }
}
