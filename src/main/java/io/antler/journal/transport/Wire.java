package io.antler.journal.transport;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** A connection that carries whole frames both ways. Any thread may call. */
public interface Wire {
    /**
     * Returns at once; nothing is refused, however much waits. Frames arrive in the order of these calls or not at all.
     *
     * @param frame not changed by anybody any more
     */
    void send(byte[] frame);

    /** Sends what waits as far as that goes without waiting, then ends. Later calls do nothing. */
    void close();

    InetSocketAddress remote();

    /** DNS names and IP addresses in the certificate of the other side; empty without TLS. */
    Set<String> certificateNames();

    /** The one thread that calls the receiver. */
    ScheduledExecutorService loop();

    /** What happens on a wire, one call at a time. */
    interface Receiver {
        void opened(Wire wire);

        /** Something came in, perhaps less than a frame. */
        void heard();

        void received(byte[] frame);

        /** A larger frame ends the wire before memory is taken for it. */
        int frameLimitBytes();

        /** The last call. */
        void ended(Ending ending);
    }

    /**
     * Why a wire ended, or was never opened.
     *
     * @param strange that the other side is there but is no peer: it speaks otherwise, or its certificate is not accepted
     */
    record Ending(String reason, boolean strange) {}
}
