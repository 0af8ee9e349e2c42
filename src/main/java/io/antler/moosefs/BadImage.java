package io.antler.moosefs;

import java.io.IOException;

/** A file that is not a complete image this program understands; the message names file and problem. */
public final class BadImage extends IOException {
    private static final long serialVersionUID = 1L;

    BadImage(String file, String problem) {
        super(file + " is not a usable metadata image: " + problem);
    }
}
