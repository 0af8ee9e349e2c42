package io.antler.journal.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS 1.3 by the JDK, both sides with a certificate of the one CA. */
final class Tls {
    private static final String VERSION = "TLSv1.3";
    private static final long HANDSHAKE_TIMEOUT_MS = 2_000;
    private static final long GOODBYE_TIMEOUT_MS = 100;

    private final Certificates certificates;
    private final SslContext calling;
    private final SslContext called;

    /** @throws CertificateUnusable with the file and what to do */
    Tls(Security.MutualTls files) {
        certificates = Certificates.read(files);
        X509Certificate[] chain = certificates.chain().toArray(X509Certificate[]::new);
        try {
            calling = common(SslContextBuilder.forClient().keyManager(certificates.key(), chain));
            called = common(
                    SslContextBuilder.forServer(certificates.key(), chain).clientAuth(ClientAuth.REQUIRE));
        } catch (SSLException e) {
            throw new CertificateUnusable("antler.tls: " + e.getMessage(), e);
        }
    }

    private SslContext common(SslContextBuilder builder) throws SSLException {
        return builder.sslProvider(SslProvider.JDK)
                .protocols(VERSION)
                .sessionTimeout(1) // each connection shows its certificate anew
                .trustManager(certificates.ca().toArray(X509Certificate[]::new))
                .build();
    }

    SslHandler calling(ByteBufAllocator allocator) {
        return handler(calling, allocator);
    }

    SslHandler called(ByteBufAllocator allocator) {
        return handler(called, allocator);
    }

    private static SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MS);
        handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_TIMEOUT_MS);
        return handler;
    }

    /** Names in the certificate that was shown and accepted; none if that is not known. */
    static Set<String> names(SslHandler handler) {
        try {
            return handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Certificates.names(certificate)
                    : Set.of();
        } catch (SSLPeerUnverifiedException e) {
            return Set.of(); // cannot be: both sides must show one
        }
    }

    /** Why a connection ended, as far as TLS has to do with it. */
    static Wire.Ending ending(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        boolean cut = failure instanceof SslHandshakeTimeoutException || message.startsWith("Connection closed");
        if (failure instanceof NotSslRecordException || cause instanceof NotSslRecordException) {
            return new Wire.Ending(TcpWire.ONE_SIDE_ONLY, true);
        }
        if (message.startsWith("Received fatal alert")) {
            return new Wire.Ending(
                    "the other side does not accept this node's certificate (" + message
                            + "): compare antler.tls.ca there with antler.tls.certificate here",
                    true);
        }
        boolean tls = (failure instanceof SSLException || failure.getCause() instanceof SSLException) && !cut;
        return tls
                ? new Wire.Ending("its certificate is not accepted: " + message, true)
                : new Wire.Ending(message, false);
    }
}
