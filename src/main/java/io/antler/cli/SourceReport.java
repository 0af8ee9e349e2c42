package io.antler.cli;

import io.antler.collector.Finding;
import io.antler.collector.History;
import io.antler.collector.ImageFile;
import io.antler.collector.Source;
import io.antler.collector.Sources;
import io.antler.restore.RestorePlan;
import io.antler.restore.Restored;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found in directories and nodes, for people. */
final class SourceReport {
    private static final int NAMES = 5;
    private static final int FINDINGS = 40;

    private final PrintWriter out;

    SourceReport(PrintWriter out) {
        this.out = out;
    }

    void sources(Sources sources) {
        for (Source source : sources.all()) {
            out.printf(
                    "source       %s: %s, %s%n",
                    source.name(),
                    counted(source.images().size(), "image"),
                    counted(source.changelogs().size(), "changelog file"));
            if (!source.ignored().isEmpty()) {
                List<String> names = source.ignored();
                out.printf(
                        "             %s ignored: %s%s%n",
                        counted(names.size(), "other file"),
                        String.join(", ", names.subList(0, Math.min(NAMES, names.size()))),
                        names.size() > NAMES ? ", ..." : "");
            }
            source.badImages().forEach(bad -> out.println("             " + bad));
        }
    }

    void image(ImageFile image) {
        out.printf("image        %s, version %d, metadata id %s%n", image.name(), image.version(), image.id());
    }

    /** Images that looked complete. */
    void passedOver(List<String> images) {
        images.forEach(image -> out.printf("NOT USED     %s%n", image));
    }

    void plan(RestorePlan plan) {
        image(plan.image());
        plan.nextChange()
                .ifPresent(time -> out.printf(
                        "point        before change %d of %s (%s)%n",
                        plan.end().orElseThrow(),
                        time,
                        time.atZone(ZoneId.systemDefault()).toLocalDateTime()));
    }

    /** @param target null: only looked */
    void restored(Restored restored, @Nullable Path target) {
        if (!restored.plan().passedOver().isEmpty()) {
            passedOver(restored.plan().passedOver());
            image(restored.plan().image());
        }
        long first = restored.plan().image().version();
        out.printf(
                "replay       %s%n",
                counted(restored.reached() - first, "change")
                        + (restored.reached() > first ? ", " + first + " to " + (restored.reached() - 1) : ""));
        restored.plan().end().ifPresent(end -> {
            if (end != restored.reached()) {
                out.printf("NOT REACHED  version %d was asked for%n", end);
            }
        });
        out.printf("result       version %d%s%n", restored.reached(), target == null ? "" : " in " + target);
    }

    void changes(History history) {
        history.runs().stream()
                .map(run -> run.first() + " to " + (run.until() - 1))
                .reduce((ranges, range) -> ranges + ", " + range)
                .ifPresentOrElse(
                        ranges -> out.printf("changes      %s%n", ranges), () -> out.println("changes      none"));
    }

    /** All of them; those that keep from getting further are told as such. */
    void findings(History history, List<Finding> beyond) {
        List<Finding> findings = history.findings();
        for (Finding finding : findings.subList(0, Math.min(FINDINGS, findings.size()))) {
            out.printf("%-12s %s%n", beyond.contains(finding) ? "NOWHERE" : "note", Terminal.safe(finding.toString()));
        }
        long more = findings.size() - Math.min(FINDINGS, findings.size()) + history.omitted();
        if (more > 0) {
            out.printf("             and %s%n", counted(more, "more finding"));
        }
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
