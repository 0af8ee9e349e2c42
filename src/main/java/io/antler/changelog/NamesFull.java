package io.antler.changelog;

/** There are more names than there is memory for; the message says what to do. */
public final class NamesFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NamesFull(int count, long mostBytes) {
        super(("%d names do not fit into %d MiB. Give it more memory: ANTLER_JVM_FLAGS=-Xmx4g"
                        + " (it needs about 100 bytes for each file)")
                .formatted(count, mostBytes >> 20));
    }
}
