package io.antler.journal.transport;

import com.alipay.sofa.jraft.option.NodeOptions;

/** Tells JRaft's node which transport is its own: its factory is one per JVM and is not told for whom it works. */
public final class TransportOptions extends NodeOptions {
    private final Transport transport;

    public TransportOptions(Transport transport) {
        this.transport = transport;
    }

    Transport transport() {
        return transport;
    }
}
