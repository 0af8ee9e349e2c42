package io.antler.cli;

import io.antler.monitor.ClusterStatus;
import io.antler.node.AdoptionReview;
import io.antler.node.AdoptionReview.Peer;
import io.antler.node.AdoptionReview.Remark;
import io.antler.node.NodeSettings;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** {@code antler adopt --dry-run}. */
final class AdoptionReport {
    private static final String FREE = "antler_journal_disk_free_bytes";

    private AdoptionReport() {}

    /** @return the exit code */
    static int print(NodeSettings settings, PrintWriter out) {
        List<Peer> peers = settings.nodes().stream()
                .map(node -> ask(node, NodeClient.of(node, settings.ports())))
                .toList();
        List<Remark> remarks = AdoptionReview.of(settings, peers);
        remarks.forEach(remark -> out.println(word(remark.kind()) + remark.text()));
        boolean problem = remarks.stream().anyMatch(remark -> remark.kind() == AdoptionReview.Kind.PROBLEM);
        out.println(problem ? "result   do not adopt yet: see each PROBLEM" : "result   ready, but for what is to do");
        return problem ? Antler.FAILED : CommandLine.ExitCode.OK;
    }

    private static String word(AdoptionReview.Kind kind) {
        return switch (kind) {
            case OK -> "ok       ";
            case TO_DO -> "to do    ";
            case PROBLEM -> "PROBLEM  ";
        };
    }

    private static Peer ask(NodeSettings.Member node, NodeClient client) {
        try {
            ClusterStatus status = client.cluster();
            return new Peer(node, status, (long) client.metric(FREE).orElse(-1), null);
        } catch (CommandFailed silent) {
            return new Peer(node, null, -1, silent.getMessage());
        }
    }
}
