package io.antler.cli;

import io.antler.changelog.Explainer;
import io.antler.changelog.Filter;
import io.antler.changelog.Names;
import io.antler.changelog.NamesFull;
import io.antler.collector.NewFile;
import io.antler.master.orphans.OrphanSet;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler orphans}. */
@Command(
        name = "orphans",
        description = "Shows what deposed masters had and the journal never got. Nothing is replayed or deleted.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class OrphansCommands {
    private static final List<String> HEAD =
            List.of("NODE", "ID", "STATE", "EPOCH", "CHANGES", "FIRST", "LAST", "UNREADABLE");
    private static final int FIRST_NUMBER = 3;
    private static final String ID = "as antler orphans list shows it";
    private static final String NODES = "ask the nodes of this configuration";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Of one node. */
    private record Found(NodeClient node, String name, OrphanSet set) {}

    /** @param silent nodes that did not answer, a sentence each */
    private record Answer(List<Found> found, List<String> silent) {}

    @Command(description = "Shows the orphans of all nodes.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--config", paramLabel = "FILE", required = true, description = NODES) Path config,
            @Option(names = "--json", description = "for programs; docs/reference/commands.md has the form")
                    boolean json) {
        Answer answer = ask(config);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer.found().stream()
                    .map(each -> "{\"node\":\"" + each.name() + "\","
                            + each.set().toJson().substring(1))
                    .collect(Collectors.joining(",", "[", "]")));
        } else if (answer.found().isEmpty()) {
            out.println("no orphans");
        } else {
            out.println(table(answer.found()));
        }
        answer.silent().forEach(reason -> spec.commandLine().getErr().println("antler: " + reason));
        return answer.silent().isEmpty() ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
    }

    private static String table(List<Found> found) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        found.forEach(each -> lines.add(line(each)));
        return Table.of(lines, FIRST_NUMBER);
    }

    private static List<String> line(Found each) {
        OrphanSet set = each.set();
        return List.of(
                each.name(),
                set.id(),
                set.dismissed() == null ? "new" : "dismissed",
                String.valueOf(set.epoch()),
                String.valueOf(set.changes()),
                shown(set.first()),
                shown(set.last()),
                String.valueOf(set.remarks().size()));
    }

    private static String shown(@Nullable Long version) {
        return version == null ? "-" : version.toString();
    }

    @Command(
            description = {
                "Says in words what the changes did, as far as they tell themselves.",
                "With an image at hand export them, and use antler changelog explain --image."
            },
            mixinStandardHelpOptions = true)
    int explain(
            @Parameters(paramLabel = "ID", description = ID) String id,
            @Option(names = "--config", paramLabel = "FILE", required = true, description = NODES) Path config,
            @Option(names = "--json", description = "a JSON object in each line") boolean json) {
        Found found = find(config, id);
        found.set().remarks().forEach(remark -> spec.commandLine().getErr().println("antler: " + remark));
        if (found.set().changes() == 0) {
            return CommandLine.ExitCode.OK;
        }
        try (OutputStream out = Terminal.bytes(spec.commandLine().getOut())) {
            found.node().orphanChanges(id, changes -> explain(ChangelogReader.of(changes, id), json, out));
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        } catch (NamesFull full) {
            throw new CommandFailed(String.valueOf(full.getMessage()));
        }
        return CommandLine.ExitCode.OK;
    }

    private static void explain(ChangelogReader changes, boolean json, OutputStream out) throws IOException {
        var explainer = new Explainer(Names.ofThisSize(), ZoneId.systemDefault());
        var lines = new ExplainedLines(explainer, new Filter(), json, out);
        try {
            while (changes.next()) {
                lines.add(changes);
            }
        } finally {
            lines.flush();
        }
    }

    @Command(description = "Copies the changes into a file, as lines of a changelog.", mixinStandardHelpOptions = true)
    int export(
            @Parameters(paramLabel = "ID", description = ID) String id,
            @Option(names = "--config", paramLabel = "FILE", required = true, description = NODES) Path config,
            @Option(names = "--to", paramLabel = "FILE", required = true, description = "is made; must not exist")
                    Path to) {
        Found found = find(config, id);
        try (NewFile file = NewFile.of(to)) {
            found.node().orphanChanges(id, changes -> copy(ChangelogReader.of(changes, id), file));
            file.publish();
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
        spec.commandLine().getOut().println(found.set().counted() + " in " + to);
        return CommandLine.ExitCode.OK;
    }

    private static void copy(ChangelogReader changes, NewFile file) throws IOException {
        while (changes.next()) {
            file.add(changes);
        }
    }

    @Command(
            description = {
                "Ends the alarm about them: you have seen them. Nothing is deleted, and they are still listed.",
                "To be run on the node that has them."
            },
            mixinStandardHelpOptions = true)
    int dismiss(
            @Parameters(paramLabel = "ID", description = ID) String id,
            @Option(names = "--config", paramLabel = "FILE", required = true, description = NODES) Path config) {
        spec.commandLine()
                .getOut()
                .println(find(config, id).node().dismissOrphans(id).strip());
        return CommandLine.ExitCode.OK;
    }

    private static Found find(Path config, String id) {
        Answer answer = ask(config);
        return answer.found().stream()
                .filter(each -> each.set().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailed("No node that answers has orphans " + id
                        + ". antler orphans list shows what there is"
                        + answer.silent().stream().map(reason -> " | " + reason).collect(Collectors.joining())));
    }

    private static Answer ask(Path config) {
        List<Found> found = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        List<ClusterQuery.Named> nodes = ClusterQuery.nodes(config);
        for (ClusterQuery.Named node : nodes) {
            try {
                node.client()
                        .orphans()
                        .forEach(set ->
                                found.add(new Found(node.client(), node.id().value(), set)));
            } catch (CommandFailed failed) {
                silent.add(failed.getMessage());
            }
        }
        if (silent.size() == nodes.size()) {
            throw new CommandFailed(String.join(" | ", silent));
        }
        return new Answer(found, silent);
    }
}
