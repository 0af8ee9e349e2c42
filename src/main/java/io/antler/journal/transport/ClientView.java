package io.antler.journal.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Transport} as JRaft's node calls with it. Made without one, by JRaft; the options of the node name it. */
final class ClientView implements RpcClient {
    private static final Logger LOG = LoggerFactory.getLogger(ClientView.class);
    private static final ErrorResponse OK =
            ErrorResponse.newBuilder().setErrorCode(0).setErrorMsg("").build();

    private @Nullable ReplicatorGroup replicators;
    private volatile @Nullable Transport transport;

    @Override
    public boolean init(RpcOptions options) {
        if (!(options instanceof TransportOptions own)) {
            throw new IllegalStateException("a node of JRaft needs TransportOptions here, not " + options.getClass());
        }
        transport = own.transport();
        if (replicators != null) {
            own.transport().onConnected(replicators);
        }
        return true;
    }

    private Link link(Endpoint to) {
        Transport current = transport;
        if (current == null) {
            throw new IllegalStateException("not initialised");
        }
        return current.link(Transport.address(to));
    }

    @Override
    public boolean checkConnection(Endpoint to) {
        return link(to).ready();
    }

    @Override
    public boolean checkConnection(Endpoint to, boolean createIfAbsent) {
        Link link = link(to);
        if (createIfAbsent) {
            link.want();
        }
        return link.ready();
    }

    @Override
    public void closeConnection(Endpoint to) {
        Transport current = transport;
        if (current != null) {
            current.forget(Transport.address(to));
        }
    }

    @Override
    public void registerConnectEventListener(ReplicatorGroup group) {
        replicators = group;
    }

    /** A ping asks for a connection and waits a moment for one, no longer: JRaft sends it under the lock of its node. */
    @Override
    public Object invokeSync(Endpoint to, Object request, @Nullable InvokeContext context, long timeoutMs)
            throws InterruptedException, RemotingException {
        Link link = link(to);
        if (!link.awaitReady(timeoutMs)) {
            throw new RemotingException("no connection to " + to);
        }
        if (request instanceof PingRequest) {
            return OK; // pings of our own prove more often that it lives
        }
        var answer = new CompletableFuture<Object>();
        link.invoke(request, timeoutMs, (response, failure) -> {
            if (failure == null) {
                answer.complete(response);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        try {
            return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RemotingException(e.getCause());
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException(e);
        }
    }

    @Override
    public void invokeAsync(
            Endpoint to, Object request, @Nullable InvokeContext context, InvokeCallback callback, long timeoutMs)
            throws RemotingException {
        Executor executor = callback.executor();
        link(to).invoke(request, timeoutMs, (response, failure) -> {
            try {
                executor.execute(() -> callback.complete(response, failure));
            } catch (RejectedExecutionException e) {
                LOG.debug("an answer of {} comes after JRaft was shut down", to);
            }
        });
    }

    /** The transport goes on: it is not JRaft's alone. */
    @Override
    public void shutdown() {}
}
