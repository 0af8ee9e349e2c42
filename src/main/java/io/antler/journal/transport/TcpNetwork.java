package io.antler.journal.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TCP, with one certificate per node or plain. */
public final class TcpNetwork implements Network {
    private static final Logger LOG = LoggerFactory.getLogger(TcpNetwork.class);
    private static final int THREADS = 2;
    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final boolean epoll = Epoll.isAvailable();
    private final int userTimeoutMs;
    private final @Nullable Tls tls;
    private final EventLoopGroup loops;

    private TcpNetwork(@Nullable Tls tls, Duration silence) {
        this.tls = tls;
        this.userTimeoutMs = (int) silence.toMillis();
        ThreadFactory threads =
                Thread.ofPlatform().daemon().name("antler-raft-net-", 0).factory();
        this.loops = epoll ? new EpollEventLoopGroup(THREADS, threads) : new NioEventLoopGroup(THREADS, threads);
        if (!epoll) {
            LOG.info(
                    "without epoll, so without TCP_USER_TIMEOUT: {}",
                    Epoll.unavailabilityCause().getMessage());
        }
    }

    /**
     * @param silence after so long without an acknowledgement the kernel gives up a connection
     * @throws CertificateUnusable with what to do
     */
    public static TcpNetwork open(Security security, Duration silence) {
        return switch (security) {
            case Security.Plain _ -> new TcpNetwork(null, silence);
            case Security.MutualTls files -> new TcpNetwork(new Tls(files), silence);
        };
    }

    private void add(Channel channel, Wire.Receiver receiver, BiFunction<Tls, ByteBufAllocator, SslHandler> side) {
        SslHandler handler = tls == null ? null : side.apply(tls, channel.alloc());
        if (handler != null) {
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(new TcpWire(channel, receiver, handler));
    }

    @Override
    public Closeable listen(InetSocketAddress at, Function<InetSocketAddress, Optional<Wire.Receiver>> accept)
            throws IOException {
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Optional<Wire.Receiver> receiver = accept.apply((InetSocketAddress) channel.remoteAddress());
                        if (receiver.isPresent()) {
                            add(channel, receiver.get(), Tls::called);
                        } else {
                            var _ = channel.close();
                        }
                    }
                });
        if (epoll) {
            bootstrap.childOption(EpollChannelOption.TCP_USER_TIMEOUT, userTimeoutMs);
        }
        var bound = bootstrap.bind(at).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return () -> bound.channel().close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    }

    @Override
    public void connect(InetSocketAddress to, Duration timeout, Wire.Receiver receiver) {
        Class<? extends Channel> type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        var bootstrap = new Bootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        add(channel, receiver, Tls::calling);
                    }
                });
        if (epoll) {
            bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, userTimeoutMs);
        }
        try {
            var _ = bootstrap.connect(to).addListener(result -> {
                if (!result.isSuccess()) {
                    receiver.ended(new Wire.Ending(String.valueOf(result.cause().getMessage()), false));
                }
            });
        } catch (RejectedExecutionException | IllegalStateException e) {
            receiver.ended(new Wire.Ending("the network is closed", false));
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * CLOSE_TIMEOUT_MS);
    }
}
