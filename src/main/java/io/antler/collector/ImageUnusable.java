package io.antler.collector;

import org.jspecify.annotations.Nullable;

/** An image that looked complete could not be copied; another one may do. */
public final class ImageUnusable extends SourceUnusable {
    private static final long serialVersionUID = 1L;

    ImageUnusable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
