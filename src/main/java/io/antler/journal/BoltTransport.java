package io.antler.journal;

import com.alipay.remoting.CustomSerializerManager;
import com.alipay.remoting.DefaultCustomSerializer;
import com.alipay.remoting.InvokeContext;
import com.alipay.remoting.rpc.RequestCommand;
import com.alipay.remoting.rpc.ResponseCommand;
import com.alipay.remoting.rpc.protocol.RpcRequestCommand;
import com.alipay.remoting.rpc.protocol.RpcResponseCommand;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JRaft's messages and our calls to the leader, over JRaft's default transport. The only class that knows which one that is.
 */
final class BoltTransport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoltTransport.class);
    private static final String BYTES = byte[].class.getName();

    static {
        // Bolt refuses to send while so much is buffered; the default is less than one of our largest entries.
        System.setProperty("bolt.channel_write_buf_low_water_mark", Integer.toString(16 << 20));
        System.setProperty("bolt.channel_write_buf_high_water_mark", Integer.toString(32 << 20));
        // else Bolt makes log files of its own below the home directory
        System.setProperty("sofa.middleware.log.disable", "true");
        CustomSerializerManager.registerCustomSerializer(BYTES, new PlainBytes());
    }

    private final ExecutorService raftExecutor = Executors.newFixedThreadPool(8, daemon("antler-raft-rpc"));
    private final ExecutorService callExecutor = Executors.newFixedThreadPool(4, daemon("antler-raft-call"));
    private final RpcServer server;
    private final RpcClient client;

    private BoltTransport(RpcServer server, RpcClient client) {
        this.server = server;
        this.client = client;
    }

    /**
     * @param service answers our calls; on any thread, without blocking
     * @throws JournalUnusable if the address cannot be listened on
     */
    static BoltTransport open(InetSocketAddress address, Function<byte[], CompletionStage<byte[]>> service) {
        var server = new BoltRpcServer(
                new com.alipay.remoting.rpc.RpcServer(address.getAddress().getHostAddress(), address.getPort(), true));
        RpcClient client = RpcFactoryHelper.rpcFactory().createRpcClient();
        var transport = new BoltTransport(server, client);
        try {
            RaftRpcServerFactory.addRaftRequestProcessors(
                    server, transport.raftExecutor, transport.raftExecutor, transport.raftExecutor);
            server.registerProcessor(transport.new CallProcessor(service));
            client.init(new RpcOptions());
            server.init(null);
            return transport;
        } catch (RuntimeException e) {
            transport.close();
            throw new JournalUnusable(
                    "The journal cannot listen on " + address.getAddress().getHostAddress() + ":" + address.getPort()
                            + " (antler.ports.first): see which process has the port (ss -ltnp),"
                            + " and whether this machine has the address (ip address)",
                    e);
        }
    }

    /** Never blocks the caller, also while there is no connection yet. */
    CompletableFuture<byte[]> call(InetSocketAddress to, byte[] request, Duration timeout) {
        var endpoint = endpoint(to);
        var answer = new CompletableFuture<byte[]>();
        if (client.checkConnection(endpoint)) {
            send(endpoint, request, timeout, answer);
        } else {
            Thread.startVirtualThread(() -> send(endpoint, request, timeout, answer)); // connecting blocks
        }
        return answer;
    }

    private void send(Endpoint to, byte[] request, Duration timeout, CompletableFuture<byte[]> answer) {
        try {
            client.invokeAsync(
                    to, request, (response, failure) -> complete(answer, response, failure), timeout.toMillis());
        } catch (RemotingException e) {
            answer.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(e);
        }
    }

    private static void complete(
            CompletableFuture<byte[]> answer, @Nullable Object response, @Nullable Throwable failure) {
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else if (response instanceof byte[] bytes) {
            answer.complete(bytes);
        } else {
            answer.completeExceptionally(new IllegalStateException("an answer that is not ours: " + response));
        }
    }

    static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(address.getAddress().getHostAddress(), address.getPort());
    }

    static ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }

    @Override
    public void close() {
        client.shutdown();
        if (server.isStarted()) {
            server.shutdown();
        }
        callExecutor.shutdownNow();
        raftExecutor.shutdownNow();
    }

    private final class CallProcessor implements RpcProcessor<byte[]> {
        private final Function<byte[], CompletionStage<byte[]>> service;

        CallProcessor(Function<byte[], CompletionStage<byte[]>> service) {
            this.service = service;
        }

        /** Without an answer the caller's timeout runs out, and it tries again. */
        @Override
        public void handleRequest(RpcContext context, byte[] request) {
            try {
                var _ = service.apply(request).thenAccept(context::sendResponse);
            } catch (RuntimeException e) {
                LOG.warn("call of {} not answered: {}", context.getRemoteAddress(), e.getMessage());
            }
        }

        @Override
        public String interest() {
            return BYTES;
        }

        @Override
        public Executor executor() {
            return callExecutor;
        }
    }

    /** Ours are bytes already: nothing of Bolt's own serialization is used for them. */
    private static final class PlainBytes extends DefaultCustomSerializer {
        @Override
        public <T extends RequestCommand> boolean serializeContent(T request, InvokeContext context) {
            request.setContent((byte[]) ((RpcRequestCommand) request).getRequestObject());
            return true;
        }

        @Override
        public <T extends RequestCommand> boolean deserializeContent(T request) {
            ((RpcRequestCommand) request).setRequestObject(request.getContent());
            return true;
        }

        @Override
        public <T extends ResponseCommand> boolean serializeContent(T response) {
            response.setContent((byte[]) ((RpcResponseCommand) response).getResponseObject());
            return true;
        }

        @Override
        public <T extends ResponseCommand> boolean deserializeContent(T response, InvokeContext context) {
            ((RpcResponseCommand) response).setResponseObject(response.getContent());
            return true;
        }
    }
}
