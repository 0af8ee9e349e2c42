package io.antler.metalogger;

import java.io.IOException;

/** The master has no image to give now: it serves one only after a plain start or its next hourly save. */
public final class NoImage extends IOException {
    private static final long serialVersionUID = 1L;

    NoImage(String message) {
        super(message);
    }
}
