package io.antler.journal.transport;

import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A {@link Transport} as JRaft's processors see it. Opening and closing is the transport's own business. */
final class ServerView implements RpcServer {
    private final int port;
    private final Map<String, RpcProcessor<Object>> processors = new ConcurrentHashMap<>();
    private final List<ConnectionClosedEventListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean started = true;

    ServerView(int port) {
        this.port = port;
    }

    @Nullable
    RpcProcessor<Object> processor(Class<?> request) {
        return processors.get(request.getName());
    }

    void closed(Session session) {
        listeners.forEach(listener -> listener.onClosed(session.remoteAddress(), session));
    }

    @Override
    public boolean init(@Nullable Void options) {
        return started;
    }

    @Override
    public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
        listeners.add(listener);
    }

    /** The last one for a class of requests stays. */
    @Override
    @SuppressWarnings("unchecked") // it is given only what it is interested in
    public void registerProcessor(RpcProcessor<?> processor) {
        processors.put(processor.interest(), (RpcProcessor<Object>) processor);
    }

    @Override
    public int boundPort() {
        return port;
    }

    @Override
    public boolean isStarted() {
        return started;
    }

    @Override
    public void shutdown() {
        started = false;
    }
}
