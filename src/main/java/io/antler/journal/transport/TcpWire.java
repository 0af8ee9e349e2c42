package io.antler.journal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP connection. What several threads send while its loop is busy goes out together. */
final class TcpWire extends ChannelInboundHandlerAdapter implements Wire {
    static final String ONE_SIDE_ONLY =
            "one side speaks TLS and the other one does not: set antler.tls on every node or on none";

    private static final int PART_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(TcpWire.class);

    private final Channel channel;
    private final Receiver receiver;
    private final @Nullable SslHandler tls;
    private final Queue<byte[]> outgoing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private @Nullable InetSocketAddress remote;
    private int header;
    private int headerBytes;
    private byte @Nullable [] frame;
    private int filled;
    private boolean ended;

    /** @param tls before this one in the pipeline; null: plain */
    TcpWire(Channel channel, Receiver receiver, @Nullable SslHandler tls) {
        this.channel = channel;
        this.receiver = receiver;
        this.tls = tls;
    }

    @Override
    public void send(byte[] bytes) {
        outgoing.add(bytes);
        if (draining.compareAndSet(false, true)) {
            onLoop(this::drain);
        }
    }

    /** Nothing when the network is closed: then this connection has ended, and its receiver was told. */
    private void onLoop(Runnable step) {
        try {
            channel.eventLoop().execute(step);
        } catch (RejectedExecutionException e) {
            LOG.debug("the network of this connection is closed", e);
        }
    }

    private void drain() {
        draining.set(false);
        boolean any = false;
        for (byte[] next = outgoing.poll(); next != null; next = outgoing.poll()) {
            write(next);
            any = true;
        }
        if (any) {
            channel.flush();
        }
    }

    /** A large one in parts: each is encrypted and on its way before the next, so the other side hears something. */
    private void write(byte[] bytes) {
        int part = Math.min(bytes.length, PART_BYTES);
        ByteBuf first = channel.alloc().directBuffer(4 + part);
        var _ = channel.write(first.writeInt(bytes.length).writeBytes(bytes, 0, part));
        for (int from = part; from < bytes.length; from += part) {
            channel.flush();
            part = Math.min(bytes.length - from, PART_BYTES);
            var _ = channel.write(channel.alloc().directBuffer(part).writeBytes(bytes, from, part));
        }
    }

    @Override
    public void close() {
        onLoop(() -> {
            if (!ended) {
                drain();
                end(new Ending("closed here", false));
            }
        });
    }

    private void end(Ending ending) {
        if (!ended) {
            ended = true;
            receiver.ended(ending);
            var _ = channel.close();
        }
    }

    @Override
    public InetSocketAddress remote() {
        InetSocketAddress known = remote;
        if (known == null) {
            throw new IllegalStateException("not connected");
        }
        return known;
    }

    @Override
    public Set<String> certificateNames() {
        return tls == null ? Set.of() : Tls.names(tls);
    }

    @Override
    public ScheduledExecutorService loop() {
        return channel.eventLoop();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        remote = (InetSocketAddress) channel.remoteAddress();
        if (tls == null) {
            receiver.opened(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                receiver.opened(this);
            } else {
                end(Tls.ending(handshake.cause()));
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            receiver.heard();
            while (in.isReadable() && !ended) {
                read(in);
            }
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        byte[] current = frame;
        if (current == null) {
            header = header << 8 | in.readUnsignedByte();
            if (++headerBytes == 4) {
                current = begin(header);
            }
        }
        if (current != null) {
            int part = Math.min(in.readableBytes(), current.length - filled);
            in.readBytes(current, filled, part);
            filled += part;
            if (filled == current.length) {
                frame = null;
                filled = 0;
                headerBytes = 0;
                receiver.received(current);
            }
        }
    }

    private byte @Nullable [] begin(int length) {
        int limit = receiver.frameLimitBytes();
        if (length < 1 || length > limit) {
            String reason = unacceptable(length, limit);
            outgoing.add(Frame.failure(0, reason));
            drain();
            end(new Ending(reason, true));
            return null;
        }
        frame = new byte[length];
        return frame;
    }

    private static String unacceptable(int length, int limit) {
        return length >>> 16 == 0x1603 || length >>> 16 == 0x1503
                ? ONE_SIDE_ONLY
                : "a frame of " + Integer.toUnsignedString(length) + " bytes; 1 to " + limit + " are allowed";
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(new Ending("closed by the other side", false));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(Tls.ending(cause));
    }
}
