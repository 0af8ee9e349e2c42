package io.antler.collector;

import java.nio.file.Path;

/** Where to look. */
public sealed interface Place {
    /** As it was named. */
    String name();

    record Directory(String name, Path path) implements Place {}

    /** One changelog file. */
    record File(Path path) implements Place {
        @Override
        public String name() {
            return path.toString();
        }
    }

    /**
     * A node, or a metalogger, that answers over HTTP.
     *
     * @param required an error if it does not answer; else that is only told
     */
    record Node(String host, int port, boolean required) implements Place {
        @Override
        public String name() {
            return host + ":" + port;
        }
    }

    /** Of a node only what the cluster itself has made durable: its replica of the journal, and its checkpoints. */
    record Journal(Node node) implements Place {
        @Override
        public String name() {
            return node.name();
        }
    }
}
