package io.antler.cli;

import io.antler.collector.Place;
import io.antler.collector.Sources;
import io.antler.restore.MetadataOwner;
import io.antler.restore.OfflineRestore;
import io.antler.restore.Point;
import io.antler.restore.RestorePlan;
import io.antler.restore.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The offline restore with what it tells, for the commands that make a directory of it.
 *
 * @param terminal for the progress
 */
record Restoring(PrintWriter out, PrintWriter terminal) {
    /** @param to null: only look */
    Restored run(List<Place> places, Point point, Path program, @Nullable Path to, MetadataOwner owner)
            throws IOException {
        var report = new SourceReport(out);
        Sources sources = Sources.scan(places);
        report.sources(sources);
        RestorePlan plan = RestorePlan.of(sources, point);
        report.plan(plan);
        Restored restored = restore(plan, program, to, owner);
        report.findings(restored.history(), restored.beyond());
        report.restored(restored, to);
        return restored;
    }

    private Restored restore(RestorePlan plan, Path program, @Nullable Path to, MetadataOwner owner)
            throws IOException {
        try (var progress = new ProgressLine(terminal)) {
            return to == null
                    ? OfflineRestore.look(plan, progress)
                    : OfflineRestore.run(plan, program, to, owner, progress);
        }
    }

    /** @throws CommandFailed if it cannot be run */
    static Path program(Path program) {
        if (!Files.isExecutable(program)) {
            throw new CommandFailed(program + " is missing or not executable. Install the package moosefs-master of the"
                    + " version that the file system had, or name the program with --program");
        }
        return program.toAbsolutePath();
    }

    static int code(Restored restored) {
        if (restored.complete()) {
            return CommandLine.ExitCode.OK;
        }
        int code = ChangelogCommands.code(restored.beyond());
        return code == CommandLine.ExitCode.OK ? Antler.INCOMPLETE : code;
    }
}
