package io.antler.collector;

import java.io.IOException;
import java.io.InputStream;

/** Opens a file of a source from its beginning, as often as asked. */
@FunctionalInterface
public interface Opener {
    InputStream open() throws IOException;
}
