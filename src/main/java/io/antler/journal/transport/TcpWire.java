package io.antler.journal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One TCP connection. What several threads send while its loop is busy goes out together. */
final class TcpWire extends ChannelInboundHandlerAdapter implements Wire {
    private final Channel channel;
    private final Receiver receiver;
    private final Queue<byte[]> outgoing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private @Nullable InetSocketAddress remote;
    private int header;
    private int headerBytes;
    private byte @Nullable [] frame;
    private int filled;
    private boolean ended;

    TcpWire(Channel channel, Receiver receiver) {
        this.channel = channel;
        this.receiver = receiver;
    }

    @Override
    public void send(byte[] bytes) {
        outgoing.add(bytes);
        if (draining.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
    }

    private void drain() {
        draining.set(false);
        boolean any = false;
        for (byte[] next = outgoing.poll(); next != null; next = outgoing.poll()) {
            ByteBuf buffer = channel.alloc().directBuffer(4 + next.length);
            var _ = channel.write(buffer.writeInt(next.length).writeBytes(next));
            any = true;
        }
        if (any) {
            channel.flush();
        }
    }

    @Override
    public void close() {
        channel.eventLoop().execute(() -> {
            if (!ended) {
                drain();
                end("closed here", false);
            }
        });
    }

    private void end(String reason, boolean strange) {
        if (!ended) {
            ended = true;
            receiver.ended(new Ending(reason, strange));
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
        return Set.of();
    }

    @Override
    public ScheduledExecutorService loop() {
        return channel.eventLoop();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        remote = (InetSocketAddress) channel.remoteAddress();
        receiver.opened(this);
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
            end(reason, true);
            return null;
        }
        frame = new byte[length];
        return frame;
    }

    private static String unacceptable(int length, int limit) {
        return length >>> 16 == 0x1603 || length >>> 16 == 0x1503
                ? "one side speaks TLS and the other one does not: set antler.tls on every node or on none"
                : "a frame of " + Integer.toUnsignedString(length) + " bytes; 1 to " + limit + " are allowed";
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("closed by the other side", false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(String.valueOf(cause.getMessage()), false);
    }
}
