package io.antler.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.HostStatus;
import io.antler.master.HostStatus.Role;
import io.antler.master.HostStatus.StandbyKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterStatusTest {
    static final NodeId A = new NodeId("n1");
    static final NodeId B = new NodeId("n2");
    private static final NodeId C = new NodeId("n3");
    static final HostStatus MASTER =
            new HostStatus(A, Role.MASTER, null, new Epoch(3), 1_207, 1_207, A, true, "00112233445566FF", null);
    static final HostStatus STANDBY = new HostStatus(
            B, Role.STANDBY, StandbyKind.HOT, new Epoch(3), 1_207, 1_200, A, false, "00112233445566FF", "catching up");
    static final ClusterStatus CLUSTER = new ClusterStatus(
            3,
            A,
            "async",
            "raft=tls akka=tls http=plain",
            "00112233445566FF",
            new ClusterStatus.Vip("10.0.0.9/24", A),
            List.of(
                    ClusterStatus.Row.of(
                            "10.0.0.1",
                            true,
                            MASTER,
                            List.of(),
                            new TreeMap<>(Map.of("mfsexports.cfg", "0123456789ab"))),
                    ClusterStatus.Row.of("10.0.0.2", true, STANDBY, List.of("disk-low: 1 MiB free"), new TreeMap<>()),
                    ClusterStatus.Row.down(C, "10.0.0.3", true)),
            null);

    @Test
    void theJsonFormIsTheOnePromised() {
        assertEquals("""
                {"epoch":3,"master":"n1","durability":"async","security":"raft=tls akka=tls http=plain","metadataId":"00112233445566FF",\
                "vip":{"address":"10.0.0.9/24","owner":"n1"},"nodes":[\
                {"id":"n1","address":"10.0.0.1","role":"master","standby":null,"epoch":3,"journaled":1207,"replayed":1207,"lag":0,"votes":true,"alarms":[],"configuration":{"mfsexports.cfg":"0123456789ab"}},\
                {"id":"n2","address":"10.0.0.2","role":"standby","standby":"hot","epoch":3,"journaled":1207,"replayed":1200,"lag":7,"votes":true,"alarms":["disk-low: 1 MiB free"],"configuration":{}},\
                {"id":"n3","address":"10.0.0.3","role":"down","standby":null,"epoch":null,"journaled":null,"replayed":null,"lag":null,"votes":true,"alarms":[],"configuration":{}}],"leaving":null}\
                """, CLUSTER.toJson());
    }

    @Test
    void beforeAdoptionThereIsNoMasterAndNoMetadata() {
        var status = new ClusterStatus(
                0,
                null,
                "async",
                "raft=plain akka=plain http=plain",
                null,
                new ClusterStatus.Vip("10.0.0.9/24", null),
                List.of(ClusterStatus.Row.of(
                        "10.0.0.1",
                        true,
                        new HostStatus(A, Role.STARTING, null, Epoch.NONE, -1, -1, null, false, null, null),
                        List.of(),
                        new TreeMap<>())),
                new ClusterStatus.Leaving("2026-11-28T12:00:00Z", 1_207L));

        assertEquals("""
                {"epoch":0,"master":null,"durability":"async","security":"raft=plain akka=plain http=plain","metadataId":null,\
                "vip":{"address":"10.0.0.9/24","owner":null},"nodes":[\
                {"id":"n1","address":"10.0.0.1","role":"starting","standby":null,"epoch":0,"journaled":null,"replayed":null,"lag":null,"votes":true,"alarms":[],"configuration":{}}],"leaving":{"since":"2026-11-28T12:00:00Z","version":1207}}\
                """, status.toJson());
    }

    @Test
    void aNodeOfAnOlderReleaseTellsOfNoAlarmsAndNoConfiguration() {
        String older = CLUSTER.toJson()
                .replaceAll(",\"alarms\":\\[[^\\]]*\\]", "")
                .replaceAll(",\"configuration\":\\{[^}]*}", "");

        assertEquals(
                List.of(),
                ClusterStatus.fromJson(older).nodes().stream()
                        .flatMap(node -> node.alarms().stream())
                        .toList());
    }

    @Test
    void whatWasWrittenIsReadBackAlsoWithKeysOfANewerRelease() {
        String newer = CLUSTER.toJson().replaceFirst("\\{", "{\"paused\":false,");

        assertEquals(CLUSTER, ClusterStatus.fromJson(newer));
    }
}
