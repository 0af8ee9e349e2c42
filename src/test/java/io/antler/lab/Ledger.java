package io.antler.lab;

import io.antler.lab.Operation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a load did and which answers it got.
 *
 * @param from when the load began
 * @param to when this was written down
 */
record Ledger(Instant from, Instant to, List<Operation> operations) {
    private static final Duration LISTING = Duration.ofMinutes(1);

    Ledger {
        operations = List.copyOf(operations);
    }

    /** A time without any acknowledgement to any client. */
    record Pause(Instant from, Instant to) {
        Duration length() {
            return Duration.between(from, to);
        }

        double seconds() {
            return length().toNanos() / 1e9;
        }
    }

    /**
     * What is on the file system against what was answered.
     *
     * @param lost acknowledged, and not there
     * @param unexpected refused, and there all the same
     */
    record ReadBack(long acknowledged, List<String> lost, List<String> unexpected) {
        ReadBack {
            lost = List.copyOf(lost);
            unexpected = List.copyOf(unexpected);
        }
    }

    long count(Outcome outcome) {
        return operations.stream()
                .filter(operation -> operation.outcome() == outcome)
                .count();
    }

    long acknowledged() {
        return operations.stream().filter(Operation::acknowledged).count();
    }

    /** The longest time without an acknowledgement, the time since the last one among them. */
    Pause longestPause() {
        Pause longest = new Pause(from, from);
        Instant last = from;
        for (Instant acknowledgement :
                Stream.concat(acknowledgements(), Stream.of(to)).toList()) {
            var pause = new Pause(last, acknowledgement);
            longest = pause.length().compareTo(longest.length()) > 0 ? pause : longest;
            last = acknowledgement;
        }
        return longest;
    }

    /** The longest that one operation waited for its answer, those still waiting among them. */
    Duration longestOperation() {
        return operations.stream()
                .map(operation -> operation.waited(to))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * The first acknowledgement of an operation that was begun after that instant. One begun earlier does not count:
     * its answer may have been on its way already, and on a busy machine that takes long.
     */
    Optional<Instant> firstServedAfter(Instant instant) {
        return operations.stream()
                .filter(operation ->
                        operation.acknowledged() && operation.begin().isAfter(instant))
                .map(Operation::end)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /**
     * Compares with the file system. Best read through a mount that the load did not use, which has nothing cached.
     *
     * @param directory of the load
     * @throws IllegalStateException if the file system does not answer
     */
    ReadBack readBack(Path directory) {
        Set<String> present = Await.bounded(LISTING, "reading back " + directory, () -> {
            try (var files = Files.find(directory, 2, (_, attributes) -> attributes.isRegularFile())) {
                return new HashSet<>(
                        files.map(file -> directory.relativize(file).toString()).toList());
            }
        });
        List<String> lost = names(Operation::acknowledged)
                .filter(file -> !present.contains(file))
                .toList();
        List<String> unexpected = names(operation -> operation.outcome() == Outcome.FAILED)
                .filter(present::contains)
                .toList();
        return new ReadBack(acknowledged(), lost, unexpected);
    }

    private Stream<String> names(Predicate<Operation> which) {
        return operations.stream().filter(which).map(Operation::file);
    }

    private Stream<Instant> acknowledgements() {
        return operations.stream()
                .filter(Operation::acknowledged)
                .map(Operation::end)
                .filter(Objects::nonNull)
                .sorted();
    }
}
