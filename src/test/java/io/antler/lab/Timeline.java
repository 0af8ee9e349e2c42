package io.antler.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The steps of a failover, as they appear in the logs of the nodes that live. */
final class Timeline {
    /** Words of a log line, and the name of the step that it tells of. */
    private static final Map<String, String> STEPS = Map.of(
            "noticed: ", "noticed",
            "appointed node=", "appointed",
            "promoted epoch=", "promoted",
            "address taken", "address taken");

    private final Instant fault;
    private final Map<AntlerNode, Long> offsets = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    Timeline(Instant fault, List<AntlerNode> nodes) {
        this.fault = fault;
        nodes.forEach(node -> offsets.put(node, 0L));
    }

    record Step(String name, Instant at, String node, String text) {}

    /** The first line of each step since the fault that has not been given before. */
    List<Step> poll() {
        var steps = new ArrayList<Step>();
        offsets.keySet().forEach(node -> newLines(node)
                .forEach(line -> stepOf(node, line).ifPresent(steps::add)));
        return steps.stream()
                .sorted(Comparator.comparing(Step::at))
                .filter(step -> seen.add(step.name()))
                .toList();
    }

    String format(Step step) {
        return format(step.name(), step.at(), step.node() + ": " + step.text());
    }

    String format(String name, Instant at, String text) {
        double seconds = Duration.between(fault, at).toNanos() / 1e9;
        return String.format(Locale.ROOT, "  %+7.2f s  %-18s %s", seconds, name, text)
                .stripTrailing();
    }

    private Optional<Step> stepOf(AntlerNode node, String line) {
        return STEPS.entrySet().stream()
                .filter(step -> line.contains(step.getKey()))
                .findFirst()
                .flatMap(step -> timeOf(line)
                        .filter(at -> !at.isBefore(fault))
                        .map(at -> new Step(step.getValue(), at, node.id(), messageOf(line))));
    }

    private static Optional<Instant> timeOf(String line) {
        try {
            return Optional.of(OffsetDateTime.parse(line.substring(0, Math.max(0, line.indexOf(' '))))
                    .toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty(); // a line of another program
        }
    }

    /** Without time, level and logger. */
    private static String messageOf(String line) {
        return line.replaceFirst("^\\S+\\s+\\S+\\s+\\S+\\s+", "");
    }

    /** Whole lines only: the rest is read the next time. */
    private List<String> newLines(AntlerNode node) {
        Path log = node.log();
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            long offset = offsets.getOrDefault(node, 0L);
            byte[] bytes = new byte[Math.toIntExact(file.length() - offset)];
            file.seek(offset);
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            offsets.put(node, offset + whole.length());
            return new String(whole.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("log of " + node.id(), e);
        }
    }
}
