package io.antler.gate;

import io.antler.kernel.CommandFailed;
import java.util.Set;

/** The kernel or its tools did not do what was asked of the door. */
public final class DoorUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DoorUnusable(String wish, Set<Integer> ports, CommandFailed cause) {
        super("""
                The door before the ports %s could not be %s: %s
                Antler needs the program nft (package nftables), a kernel with nf_tables, and root (CAP_NET_ADMIN). \
                Try: nft list ruleset""".formatted(ports, wish, cause.getMessage()), cause);
    }
}
