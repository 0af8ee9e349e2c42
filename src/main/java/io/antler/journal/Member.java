package io.antler.journal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * One node of the Raft group.
 *
 * @param address where its Raft peer listens; resolved
 */
public record Member(NodeId node, InetSocketAddress address, Kind kind) implements Comparable<Member> {
    /** Whether it has a say in what is committed. A stored format: only added to. */
    public enum Kind {
        VOTER(1),
        /** Receives everything, but its vote and its copy count for nothing. */
        LEARNER(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind of(int code) throws IOException {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findAny()
                    .orElseThrow(() -> new IOException("kind of member " + code + " is not known"));
        }
    }

    public boolean votes() {
        return kind == Kind.VOTER;
    }

    /** IPv4 address in digits. */
    public String host() {
        return address.getAddress().getHostAddress();
    }

    @Override
    public int compareTo(Member other) {
        return node.compareTo(other.node);
    }

    @Override
    public String toString() {
        return node + "=" + host() + ":" + address.getPort() + (votes() ? "" : " (learner)");
    }
}
