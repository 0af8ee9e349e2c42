package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.antler.collector.Collection;
import io.antler.collector.Place;
import io.antler.collector.Sources;
import io.antler.lab.Await;
import io.antler.metalogger.ModelMaster;
import io.antler.metalogger.alone.Follower;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.ImageKeeper;
import io.antler.metalogger.keeping.Master;
import io.antler.metalogger.keeping.Progress;
import io.antler.monitor.HistoryRoutes;
import io.antler.monitor.MetaloggerApi;
import io.antler.monitor.MetaloggerStatus;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Status, metrics and history of a metalogger without a cluster, asked over HTTP as an operator or another node does. */
class LoneHttpTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final String LOOPBACK = "127.0.0.1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final LoneSettings settings = ConfigLoader.loadAlone(null);
    private final Path directory;
    private final ModelMaster master;
    private final Follower follower;
    private final int port;
    private final LoneHttp http;

    LoneHttpTest(@TempDir Path parent) throws IOException {
        directory = parent.resolve("kept");
        master = new ModelMaster(ID, 100);
        Master at = new Master(
                LOOPBACK, master.changesPort().getPort(), master.clientPort().getPort());
        follower = new Follower(
                at,
                settings.protocol(),
                Duration.ZERO,
                () -> Archive.open(directory, 64 << 20, clock),
                Elsewhere.NOWHERE,
                alarms,
                clock);
        var images = new ImageKeeper(
                () -> Optional.of(at), follower, settings.keeping(), Duration.ofSeconds(10), alarms, clock);
        var api = new MetaloggerApi(
                "the master", directory.toString(), new MetaloggerStatus.Source(follower, images, alarms), clock);
        var history = new HistoryRoutes(List::of, List.of(directory), Optional.empty(), task -> Thread.ofVirtual()
                .start(task));
        port = freePort();
        http = LoneHttp.open(new LoneSettings.HttpPort(LOOPBACK, port), api, history.route());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @BeforeEach
    void follow() throws Exception {
        follower.start();
        master.change("A", 50);
        Await.until(
                "following",
                () -> follower.progress().state() == Progress.State.FOLLOWING
                        && follower.progress().next() == 150);
    }

    @AfterEach
    void stop() throws Exception {
        follower.stop();
        http.close();
        master.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + LOOPBACK + ":" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theStatusSaysHowFarItIsAndWhatItHas() throws Exception {
        JsonNode status = new ObjectMapper().readTree(get("/antler/metalogger").body());

        assertEquals("the master", status.get("source").asText());
        assertEquals(ID.toString(), status.get("metadataId").asText());
        assertEquals("following", status.get("state").asText());
        assertEquals(150, status.get("next").asLong());
        assertEquals(100, status.get("images").get(0).get("version").asLong());
        assertEquals(0, status.get("alarms").size());
    }

    @Test
    void anAlarmIsInTheStatusAndAmongTheMetrics() throws Exception {
        alarms.raise(Alarms.Kind.HOLE, "changes are missing");

        JsonNode alarm = new ObjectMapper()
                .readTree(get("/antler/metalogger").body())
                .get("alarms")
                .get(0);
        String metrics = get("/metrics").body();

        assertEquals("hole", alarm.get("kind").asText());
        assertEquals("changes are missing", alarm.get("message").asText());
        assertTrue(metrics.contains("antler_metalogger_alarm{kind=\"hole\"} 1"), metrics);
        assertTrue(metrics.contains("antler_metalogger_alarm{kind=\"branch\"} 0"), metrics);
    }

    @Test
    void theMetricsHaveItsFigures() throws Exception {
        String metrics = get("/metrics").body();

        assertTrue(metrics.contains("\nantler_metalogger_following 1"), metrics);
        assertTrue(metrics.contains("\nantler_metalogger_next_version 150"), metrics);
        assertTrue(metrics.contains("\nantler_metalogger_image_version 100"), metrics);
    }

    @Test
    void whatItHasCanBeCollectedFromAnotherMachine() throws Exception {
        Sources sources = Sources.scan(List.of(new Place.Node(LOOPBACK, port, true)));

        Collection collection = Collection.look(sources);

        assertEquals(150, collection.reached());
        assertEquals(Optional.of(ID), sources.metadataId());
    }

    @Test
    void ofALongChangelogOnlyTheEndIsGivenIfThatIsAskedFor() throws Exception {
        master.change("B", 60_000);
        Await.until("all", () -> follower.progress().next() == 60_150);
        String file = "/antler/file/0/changelog_ml.0.mfs";

        String all = get(file).body();
        String end = get(file + "?from=60140").body();

        assertTrue(all.endsWith(end), "the end of the file");
        assertTrue(end.length() < all.length() * 3 / 4, end.length() + " of " + all.length());
        assertTrue(end.contains("\n60140: "), "the change that was asked for");
        assertTrue(Long.parseLong(end.substring(0, end.indexOf(':'))) < 60_140, end.substring(0, 20));
        assertEquals(400, get(file + "?from=x").statusCode());
        assertEquals(404, get("/antler/file/0/antler.mark?from=1").statusCode());
        assertEquals(404, get("/antler/changes/1").statusCode());
    }

    @Test
    void aPortInUseIsNamedWithWhatToDo() {
        var api = new MetaloggerApi(
                "x",
                "y",
                new MetaloggerStatus.Source(
                        follower,
                        new ImageKeeper(
                                Optional::empty, follower, settings.keeping(), Duration.ofSeconds(1), alarms, clock),
                        alarms),
                clock);

        var unusable = assertThrows(
                PremisesUnusable.class, () -> LoneHttp.open(new LoneSettings.HttpPort(LOOPBACK, port), api));

        assertTrue(
                String.valueOf(unusable.getMessage()).contains(port + " cannot be listened on"), unusable.toString());
    }
}
