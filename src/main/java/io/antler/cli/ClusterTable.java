package io.antler.cli;

import io.antler.configuration.ConfigurationFiles;
import io.antler.configuration.DifferenceRule;
import io.antler.monitor.ClusterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link ClusterStatus} for people. */
final class ClusterTable {
    private static final List<String> HEAD =
            List.of("NODE", "ADDRESS", "VOTES", "ROLE", "STANDBY", "CONFIG", "EPOCH", "JOURNALED", "REPLAYED", "LAG");
    private static final int FIRST_NUMBER = 6; // numbers stand to the right

    private ClusterTable() {}

    static String of(ClusterStatus status) {
        String alarms = alarms(status.nodes());
        return header(status) + "\n\n" + table(status.nodes()) + (alarms.isEmpty() ? "" : "\n\n" + alarms);
    }

    private static String header(ClusterStatus status) {
        String master = status.master() == null
                ? "none" + (status.metadataId() == null ? ": nothing adopted yet, see antler adopt --help" : "")
                : status.master() + ", epoch " + status.epoch();
        return String.join(
                "\n",
                "master       " + master + leaving(status),
                "virtual IP   " + shown(status.vip().address(), "not known here") + " on "
                        + shown(status.vip().owner(), "no node"),
                "durability   " + status.durability(),
                "security     " + shown(status.security(), "not known"),
                "metadata id  " + shown(status.metadataId(), "none"));
    }

    private static String leaving(ClusterStatus status) {
        ClusterStatus.Leaving leaving = status.leaving();
        if (leaving == null) {
            return "";
        }
        return "\nleaving      since " + leaving.since()
                + (leaving.version() == null
                        ? ", the master has not handed over yet"
                        : ", handed over at version " + leaving.version() + ": nobody serves")
                + "; antler leave --cancel undoes it";
    }

    private static String table(List<ClusterStatus.Row> nodes) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        nodes.forEach(node -> lines.add(line(node)));
        return Table.of(lines, FIRST_NUMBER);
    }

    private static String alarms(List<ClusterStatus.Row> nodes) {
        return nodes.stream()
                .flatMap(node -> node.alarms().stream().map(alarm -> "alarm on " + node.id() + ": " + alarm))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> line(ClusterStatus.Row node) {
        return List.of(
                node.id().value(),
                node.address(),
                node.votes() ? "yes" : "no",
                node.role(),
                shown(node.standby(), "-"),
                node.configuration().containsKey(DifferenceRule.PROGRAM)
                        ? ConfigurationFiles.checksum(node.configuration())
                        : "-",
                shown(node.epoch(), "-"),
                shown(node.journaled(), "-"),
                shown(node.replayed(), "-"),
                shown(node.lag(), "-"));
    }

    private static String shown(@Nullable Object value, String otherwise) {
        return value == null ? otherwise : value.toString();
    }
}
