package io.antler.journal;

import java.util.concurrent.ThreadFactory;

/** The journal's own threads keep no JVM alive. */
final class Threads {
    private Threads() {}

    /** @param name followed by a number */
    static ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }
}
