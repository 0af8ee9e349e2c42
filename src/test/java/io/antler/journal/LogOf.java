package io.antler.journal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open. */
final class LogOf implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level before;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    LogOf(Class<?> logged) {
        logger = (Logger) LoggerFactory.getLogger(logged);
        appender.list = java.util.Collections.synchronizedList(appender.list);
        appender.start();
        logger.addAppender(appender);
        before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
    }

    boolean contains(String part) {
        return count(part) > 0;
    }

    long count(String part) {
        return List.copyOf(appender.list).stream()
                .filter(event -> event.getFormattedMessage().contains(part))
                .count();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
        logger.setLevel(before);
    }
}
