package io.antler.journal.transport;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/** Who belongs to the group. Asked by both sides of a connection, on threads that must not be blocked. */
public interface Admission {
    /** What this peer says of itself to whom it calls and to who calls it; at most {@link Frame#HELLO_LIMIT_BYTES}. */
    byte[] hello();

    /**
     * Asked with TLS only, before anything is sent to whom we called.
     *
     * @param names in the certificate at that address
     * @return why this is not whom we called; empty if it is
     */
    Optional<String> mistaken(InetSocketAddress called, Set<String> names);

    /** @param hello of the other side; not trusted */
    Verdict admit(Visitor visitor, byte[] hello);

    /**
     * @param called the address that we called; empty if it called us
     * @param certificateNames DNS names and IP addresses; empty without TLS
     */
    record Visitor(Optional<InetSocketAddress> called, InetSocketAddress remote, Set<String> certificateNames) {
        public Visitor {
            certificateNames = Set.copyOf(certificateNames);
        }
    }

    sealed interface Verdict {
        /** @param peer its name in logs */
        record Admitted(String peer) implements Verdict {}

        /** @param sentence why, and what to do; the other side gets it too */
        record Refused(String sentence) implements Verdict {}
    }
}
