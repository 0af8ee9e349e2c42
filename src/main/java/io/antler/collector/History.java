package io.antler.collector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all files together tell.
 *
 * @param runs ranges without hole and contradiction, in order
 * @param findings in the order of versions
 * @param omitted further findings
 * @param lines read in all files
 * @param until version after the last change that any file has; -1 if there is none
 */
public record History(List<Run> runs, List<Finding> findings, long omitted, long lines, long until) {
    public History {
        runs = List.copyOf(runs);
        findings = List.copyOf(findings);
    }

    /** @param until version after the last of them */
    public record Run(long first, long until) {}

    /** How far one gets from there without a hole: the version itself if its change is in no run. */
    public long reachableFrom(long version) {
        return runs.stream()
                .filter(run -> run.first() <= version && version < run.until())
                .mapToLong(Run::until)
                .findFirst()
                .orElse(version);
    }

    /** What keeps from going on at that version, if something is known to come after it. */
    public List<Finding> beyond(long version) {
        return findings.stream()
                .filter(finding -> switch (finding) {
                    case Finding.Missing missing -> missing.last() >= version;
                    case Finding.Conflict conflict -> conflict.last() >= version && !conflict.decided();
                    case Finding.Disputed disputed -> disputed.last() >= version;
                    case Finding.Damaged damaged -> damaged.atEnd() && damaged.next() >= version;
                    case Finding.HalfLine half -> half.completedBy().isEmpty() && half.next() >= version;
                })
                .toList();
    }

    /** What no file has, or of which they say different things. */
    public List<Finding> lost() {
        List<Finding> atEnd = beyond(until);
        return findings.stream()
                .filter(finding -> switch (finding) {
                    case Finding.Missing _, Finding.Conflict _, Finding.Disputed _ -> true;
                    case Finding.Damaged _, Finding.HalfLine _ -> atEnd.contains(finding);
                })
                .toList();
    }

    public History with(List<? extends Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new History(runs, all, omitted, lines, until);
    }

    Optional<Run> newest() {
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
    }
}
