package io.antler.moosefs;

import java.io.IOException;

/** The peer sent what the protocol does not allow. The connection is of no use any more. */
public final class BadPacket extends IOException {
    private static final long serialVersionUID = 1L;

    public BadPacket(String message) {
        super(message);
    }
}
