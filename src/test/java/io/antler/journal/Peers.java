package io.antler.journal;

import java.util.List;

/** The nodes of a group under test. */
interface Peers {
    List<NodeId> nodes();

    /** The running peer of a node, or one that answers nothing while it is down. Ask anew for each operation: it may have been restarted. */
    Peer get(NodeId node);

    /** The clock of whoever tests, nanoseconds. */
    long now();
}
