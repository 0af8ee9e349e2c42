package io.antler.collector;

/**
 * What was read of a changelog file.
 *
 * @param first version; -1: there is none
 * @param last version
 * @param firstSeconds time of its first change, since 1970 (UTC), by the master's clock
 * @param lastSeconds of its last
 * @param clockBack how often the time of a change is before that of the one before
 */
public record FileRead(
        String name, long first, long last, long lines, long firstSeconds, long lastSeconds, long clockBack) {}
