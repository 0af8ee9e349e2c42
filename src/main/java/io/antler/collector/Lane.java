package io.antler.collector;

/**
 * Files that one program wrote one after the other, and so of one history: those of one family in one source.
 *
 * @param source as it was named
 * @param family {@code changelog}, {@code changelog_ml} or {@code changelog_ml_back}
 */
public record Lane(String source, String family) {}
