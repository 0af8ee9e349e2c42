package io.antler.metalogger.keeping;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator must know or do now. Logged when it is raised, when its text changes, and when it is over. Any thread. */
public final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    /** What is wrong. */
    public enum Kind {
        /** The master is not followed: not reachable, or it does not give what is needed. */
        NOT_FOLLOWING,
        /** The master serves another file system. */
        FOREIGN,
        /** Nothing can be written: the disk is full or failed. */
        NOT_STORED,
        /** Changes were missed for good; a newer image stands behind the hole. */
        HOLE,
        /** The master's history is another one than was stored; the other branch is kept aside. */
        BRANCH,
        /** No image could be fetched. */
        NO_IMAGE,
        /** Old images and changes could not be deleted or compressed. */
        HOUSEKEEPING,
        /** The operator's command did not end well. */
        COMMAND_FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** @param message with what to do */
    public record Alarm(Kind kind, String message, Instant since) {}

    private final InstantSource clock;
    private final Map<Kind, Alarm> raised = new EnumMap<>(Kind.class); // guarded by this

    public Alarms(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized void raise(Kind kind, String message) {
        Alarm known = raised.get(kind);
        if (known == null || !known.message().equals(message)) {
            raised.put(kind, new Alarm(kind, message, known == null ? clock.instant() : known.since()));
            LOG.error("alarm={} {}", kind.word(), message);
        }
    }

    public synchronized void over(Kind kind) {
        Alarm known = raised.remove(kind);
        if (known != null) {
            LOG.info("alarm={} over: {}", kind.word(), known.message());
        }
    }

    public synchronized boolean has(Kind kind) {
        return raised.containsKey(kind);
    }

    public synchronized List<Alarm> all() {
        return List.copyOf(raised.values());
    }
}
