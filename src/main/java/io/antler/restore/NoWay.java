package io.antler.restore;

import java.io.IOException;

/** Nothing can be restored from what there is; the message says why and what is needed. */
public final class NoWay extends IOException {
    private static final long serialVersionUID = 1L;

    NoWay(String message) {
        super(message);
    }
}
