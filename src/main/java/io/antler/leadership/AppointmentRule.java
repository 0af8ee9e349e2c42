package io.antler.leadership;

import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who shall be master. Never about safety, which the journal's epochs and the lease keep: only about good service. */
public final class AppointmentRule {
    private AppointmentRule() {}

    /**
     * What is known at one moment.
     *
     * @param adopted there is a file system to serve
     * @param left the last master has handed over everything, and nobody is to follow
     * @param epoch the mastership in force; {@link Epoch#NONE}: there was none yet
     * @param master its node; null before the first
     * @param listening how long reports have been awaited
     * @param mandated how long the master has been told of its mandate at least: since the appointment, or since
     *     {@code listening} began
     * @param confirmed a report under {@code epoch} was heard
     * @param ready how long at least one standby has been there
     * @param reports the last report of each node that was heard at all
     */
    public record View(
            boolean adopted,
            boolean left,
            Epoch epoch,
            @Nullable NodeId master,
            Duration listening,
            Duration mandated,
            boolean confirmed,
            Duration ready,
            Map<NodeId, Heard> reports) {
        public View {
            reports = Map.copyOf(reports);
        }
    }

    /** @param age time since it arrived */
    public record Heard(Standing standing, Duration age) {}

    /** What to do, with the sentences that explain it in the log and in {@code antler list}. */
    public sealed interface Decision {
        String reason();

        record Keep(String reason) implements Decision {}

        /** @param gone why the master is none any more */
        record NobodyThere(String gone, String reason) implements Decision {}

        /** @param gone why the master is none any more; null: there was none */
        record Appoint(NodeId node, @Nullable String gone, String reason) implements Decision {}
    }

    public static Decision decide(View view, LeadershipSettings settings) {
        if (!view.adopted()) {
            return new Decision.Keep("nothing adopted yet: antler adopt on the node that has the metadata");
        }
        if (view.left()) {
            return new Decision.Keep("the cluster was left: antler leave --cancel makes it serve again");
        }
        if (view.listening().compareTo(settings.settle()) < 0) {
            return new Decision.Keep("listening to the nodes first");
        }
        List<Standing> heard = heard(view, settings);
        if (heard.size() <= settings.nodes().size() / 2) {
            return new Decision.Keep(
                    "only " + heard.size() + " of " + settings.nodes().size() + " nodes heard, no majority");
        }
        if (view.master() == null) {
            return choose(view, settings, heard, null, "first start");
        }
        Optional<String> gone = gone(view, view.master(), settings);
        return gone.isEmpty()
                ? new Decision.Keep("master " + view.master() + " heard")
                : choose(view, settings, heard, view.master(), gone.get());
    }

    private static List<Standing> heard(View view, LeadershipSettings settings) {
        return settings.nodes().stream()
                .map(view.reports()::get)
                .filter(report -> report != null && report.age().compareTo(settings.silence()) < 0)
                .map(Heard::standing)
                .toList();
    }

    /** Why the master in force does not serve and will not; empty while it does or may still. */
    private static Optional<String> gone(View view, NodeId master, LeadershipSettings settings) {
        Heard report = view.reports().get(master);
        Duration silent = report == null ? view.listening() : report.age();
        if (silent.compareTo(settings.silence()) >= 0) {
            return Optional.of("master " + master + " silent for " + silent.toMillis() + " ms");
        }
        if (report == null) {
            return Optional.empty();
        }
        Standing standing = report.standing();
        if (!standing.epoch().equals(view.epoch())) {
            return unaware(view, standing, settings);
        }
        return switch (standing.phase()) {
            case SERVING -> Optional.empty();
            case DRAINED -> Optional.of("hand-over");
            case ENDED ->
                Optional.of(
                        "master " + master + " ended" + (standing.trouble() == null ? "" : ": " + standing.trouble()));
            case PROMOTING, STANDBY, LOADING, WAITING, WITNESS, METALOGGER ->
                view.mandated().compareTo(settings.promotionTimeout()) < 0
                        ? Optional.empty()
                        : Optional.of("master " + master + " does not serve after "
                                + view.mandated().toMillis() + " ms");
        };
    }

    /** It does not act under the epoch in force: it has not heard of it yet, or no longer knows of it. */
    private static Optional<String> unaware(View view, Standing standing, LeadershipSettings settings) {
        boolean mayNotKnowYet = !view.confirmed() && view.mandated().compareTo(settings.silence()) < 0;
        return mayNotKnowYet
                ? Optional.empty()
                : Optional.of("master " + standing.node() + " is " + standing.phase() + " and does not act under epoch "
                        + view.epoch());
    }

    private static Decision choose(
            View view, LeadershipSettings settings, List<Standing> heard, @Nullable NodeId failed, String why) {
        String gone = failed == null ? null : why;
        List<Standing> standbys = heard.stream()
                .filter(standing -> standing.phase() == Phase.STANDBY)
                .toList();
        long newest = standbys.stream().mapToLong(Standing::replayed).max().orElse(0);
        Optional<Standing> best = standbys.stream()
                .filter(standing -> standing.replayed() >= newest - settings.equalLag())
                .min(Comparator.<Standing, Boolean>comparing(
                                standing -> standing.node().equals(failed))
                        .thenComparing(standing -> standing.node().equals(settings.self()))
                        .thenComparing(standing -> settings.nodes().indexOf(standing.node())));
        if (best.isEmpty()) {
            String reason = why + ", but no standby is loaded";
            return gone == null ? new Decision.Keep(reason) : new Decision.NobodyThere(gone, reason);
        }
        Standing chosen = best.get();
        if (worthWaiting(view, settings, heard, chosen)) {
            return new Decision.Keep(why + ", waiting for a standby on another node than that of Leadership");
        }
        return new Decision.Appoint(chosen.node(), gone, why + ", standby at version " + chosen.replayed());
    }

    /**
     * At the start of a whole cluster the nodes are loaded one after the other, and Leadership's own must not win by
     * being the first: the death of that host would then cost a hand-over of Leadership too. In a failover service
     * comes first.
     */
    private static boolean worthWaiting(View view, LeadershipSettings settings, List<Standing> heard, Standing chosen) {
        return chosen.node().equals(settings.self())
                && !view.confirmed()
                && view.ready().compareTo(settings.otherNodeWait()) < 0
                && heard.stream().anyMatch(AppointmentRule::onItsWay);
    }

    private static boolean onItsWay(Standing standing) {
        return switch (standing.phase()) {
            case WAITING, LOADING -> standing.trouble() == null;
            case STANDBY, PROMOTING, SERVING, DRAINED, ENDED, WITNESS, METALOGGER -> false;
        };
    }
}
