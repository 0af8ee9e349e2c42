package io.antler.journal.transport;

import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.impl.core.NodeRequestProcessor;
import com.google.protobuf.Message;
import java.util.concurrent.Executor;

/**
 * In place of JRaft's own, which numbers answers per pair of peers and not per connection: an answer that a lost
 * connection still owed can hold up those of the next one for ever. Here the {@link Session} keeps the order of requests, and
 * the leader sorts the answers itself.
 */
final class AppendProcessor extends NodeRequestProcessor<AppendEntriesRequest> {
    AppendProcessor(Executor heartbeats) {
        super(heartbeats, AppendEntriesResponse.getDefaultInstance());
    }

    @Override
    protected Message processRequest0(RaftServerService node, AppendEntriesRequest request, RpcRequestClosure done) {
        return node.handleAppendEntriesRequest(request, done);
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
