package io.antler.metalogger;

import java.io.IOException;

/** The master cannot give every change from the wanted version on: it does not have them any more, or never had. */
public final class NotResumable extends IOException {
    private static final long serialVersionUID = 1L;

    public NotResumable(String message) {
        super(message);
    }
}
