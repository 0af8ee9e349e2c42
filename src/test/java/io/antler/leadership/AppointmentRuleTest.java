package io.antler.leadership;

import static io.antler.leadership.Reports.A;
import static io.antler.leadership.Reports.B;
import static io.antler.leadership.Reports.C;
import static io.antler.leadership.Reports.SETTINGS;
import static io.antler.leadership.Reports.acting;
import static io.antler.leadership.Reports.loading;
import static io.antler.leadership.Reports.serving;
import static io.antler.leadership.Reports.standby;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.leadership.AppointmentRule.Decision;
import io.antler.leadership.AppointmentRule.Decision.Appoint;
import io.antler.leadership.AppointmentRule.Decision.Keep;
import io.antler.leadership.AppointmentRule.Decision.NobodyThere;
import io.antler.leadership.AppointmentRule.Heard;
import io.antler.leadership.AppointmentRule.View;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppointmentRuleTest {
    private static final Duration FRESH = Duration.ofMillis(100);
    private static final Duration STALE = Duration.ofMillis(1_200);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void nothingIsAppointedBeforeAdoption() {
        var view =
                new View(false, false, Epoch.NONE, null, LONG, LONG, false, LONG, heard(standby(B, 7), standby(C, 7)));

        assertEquals(new Keep("nothing adopted yet: antler adopt on the node that has the metadata"), decide(view));
    }

    @Test
    void whenTheClusterWasLeftNobodyIsAppointed() {
        var view = new View(
                true,
                true,
                new Epoch(4),
                B,
                LONG,
                LONG,
                true,
                LONG,
                heard(standby(A, 7), standby(B, 7), standby(C, 7)));

        assertEquals(new Keep("the cluster was left: antler leave --cancel makes it serve again"), decide(view));
    }

    @Test
    void nothingIsDecidedBeforeTheNodesHadTimeToReport() {
        var view = new View(
                true, false, Epoch.NONE, null, FRESH, FRESH, false, FRESH, heard(standby(B, 7), standby(C, 7)));

        assertEquals(new Keep("listening to the nodes first"), decide(view));
    }

    @Test
    void nothingIsDecidedWithoutAMajority() {
        assertEquals(new Keep("only 1 of 3 nodes heard, no majority"), decide(noMaster(heard(standby(B, 7)))));
    }

    @Test
    void theFirstMasterIsNotOnLeadershipsNodeIfAnotherIsAsGood() {
        var view = noMaster(heard(standby(A, 7), standby(B, 7), loading(C)));

        assertEquals(new Appoint(B, null, "first start, standby at version 7"), decide(view));
    }

    @Test
    void atTheFirstStartALoadingNodeIsAwaitedRatherThanLeadershipsOwnTaken() {
        var reports = heard(standby(A, 7), loading(B), loading(C));
        var soon = new View(true, false, Epoch.NONE, null, LONG, LONG, false, Duration.ofSeconds(1), reports);

        assertEquals(
                new Keep("first start, waiting for a standby on another node than that of Leadership"), decide(soon));
        assertEquals(new Appoint(A, null, "first start, standby at version 7"), decide(noMaster(reports)));
    }

    @Test
    void aMasterThatIsHeardStays() {
        assertEquals(
                new Keep("master n2 heard"),
                decide(master(4, B, heard(standby(A, 7), serving(B, 4, 9), standby(C, 9)))));
    }

    @Test
    void aSilentMasterIsReplaced() {
        var reports = new HashMap<>(heard(standby(A, 9), standby(C, 9)));
        reports.put(B, new Heard(serving(B, 4, 9), STALE));

        assertEquals(
                new Appoint(C, "master n2 silent for 1200 ms", "master n2 silent for 1200 ms, standby at version 9"),
                decide(master(4, B, reports)));
    }

    @Test
    void aMasterThatIsGoneIsNamedAlsoWhenNobodyCanFollow() {
        assertEquals(
                new NobodyThere("master n2 ended", "master n2 ended, but no standby is loaded"),
                decide(master(4, B, heard(loading(A), acting(B, Phase.ENDED, 4, 9), loading(C)))));
    }

    @Test
    void theNewestStandbyIsTakenWhenAnotherLagsFar() {
        var view = master(4, B, heard(standby(A, 50_000), acting(B, Phase.ENDED, 4, 9), standby(C, 100)));

        assertEquals(new Appoint(A, "master n2 ended", "master n2 ended, standby at version 50000"), decide(view));
    }

    @Test
    void aMomentsLagDoesNotOutweighThePlaceOfLeadership() {
        var view = master(4, B, heard(standby(A, 5_010), acting(B, Phase.ENDED, 4, 9), standby(C, 5_000)));

        assertEquals(new Appoint(C, "master n2 ended", "master n2 ended, standby at version 5000"), decide(view));
    }

    @Test
    void inAFailoverServiceComesBeforeThePlaceOfLeadership() {
        var view = master(4, B, heard(standby(A, 9), acting(B, Phase.ENDED, 4, 9), loading(C)));

        assertEquals(new Appoint(A, "master n2 ended", "master n2 ended, standby at version 9"), decide(view));
    }

    @Test
    void theNodeThatJustFailedIsTheLastChoice() {
        var restarted = heard(standby(A, 9), standby(B, 9));
        var alone = heard(loading(A), standby(B, 9));
        String gone = "master n2 is STANDBY and does not act under epoch 4";

        assertEquals(new Appoint(A, gone, gone + ", standby at version 9"), decide(master(4, B, restarted)));
        assertEquals(new Appoint(B, gone, gone + ", standby at version 9"), decide(master(4, B, alone)));
    }

    @Test
    void aDrainedMasterIsFollowedByAnotherNodeAtOnce() {
        var view = master(4, B, heard(standby(A, 9), acting(B, Phase.DRAINED, 4, 9), standby(C, 9)));

        assertEquals(new Appoint(C, "hand-over", "hand-over, standby at version 9"), decide(view));
    }

    @Test
    void aFreshlyAppointedNodeMayNotKnowYet() {
        var reports = heard(standby(A, 9), standby(B, 9), standby(C, 9));
        var view = new View(true, false, new Epoch(5), C, LONG, FRESH, false, LONG, reports);

        assertEquals(new Keep("master n3 heard"), decide(view));
    }

    @Test
    void aMasterThatActedAndForgotIsReplacedAtOnce() {
        var reports = heard(standby(A, 9), standby(B, 9), loading(C));
        var view = new View(true, false, new Epoch(5), C, LONG, FRESH, true, LONG, reports);
        String gone = "master n3 is LOADING and does not act under epoch 5";

        assertEquals(new Appoint(B, gone, gone + ", standby at version 9"), decide(view));
    }

    @Test
    void aPromotionMayTakeItsTimeButNotForEver() {
        var reports = heard(standby(A, 9), standby(B, 9), acting(C, Phase.PROMOTING, 5, 9));
        var within = new View(true, false, new Epoch(5), C, LONG, Duration.ofSeconds(9), true, LONG, reports);
        var beyond = new View(true, false, new Epoch(5), C, LONG, Duration.ofSeconds(11), true, LONG, reports);
        String gone = "master n3 does not serve after 11000 ms";

        assertEquals(new Keep("master n3 heard"), decide(within));
        assertEquals(new Appoint(B, gone, gone + ", standby at version 9"), decide(beyond));
    }

    private static Decision decide(View view) {
        return AppointmentRule.decide(view, SETTINGS);
    }

    private static View noMaster(Map<NodeId, Heard> reports) {
        return view(Epoch.NONE, null, reports);
    }

    private static View master(long epoch, NodeId master, Map<NodeId, Heard> reports) {
        return view(new Epoch(epoch), master, reports);
    }

    private static View view(Epoch epoch, @Nullable NodeId master, Map<NodeId, Heard> reports) {
        return new View(true, false, epoch, master, LONG, LONG, master != null, LONG, reports);
    }

    private static Map<NodeId, Heard> heard(Standing... standings) {
        var heard = new HashMap<NodeId, Heard>();
        for (Standing standing : standings) {
            heard.put(standing.node(), new Heard(standing, FRESH));
        }
        return heard;
    }
}
