package io.antler.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.eventstream.EventStream;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.management.javadsl.AkkaManagement;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.antler.collector.Collection;
import io.antler.collector.ImageFile;
import io.antler.collector.Place;
import io.antler.collector.Sources;
import io.antler.lab.Await;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through Akka Management's real server on loopback. */
class HttpApiTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final String ADDRESS = "127.0.0.3";
    private static final int PORT = freePort();
    private static final ActorTestKit kit = ActorTestKit.create("HttpApiTest", config());
    private static final AtomicInteger adoptions = new AtomicInteger();
    private static final Metrics metrics = new Metrics();
    private static final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private static Path directory = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        AkkaManagement.get(kit.system()).start().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(503, get("/antler/cluster").statusCode());
        assertEquals(503, get("/metrics").statusCode());
        var push = new ConfigurationRoutes(() -> CompletableFuture.completedFuture(
                new PushedConfiguration(3, new TreeMap<>(Map.of("mfsexports.cfg", "0123456789ab")))));
        api().install(kit.system(), history().route(), push.route());
        metrics.install(kit.system());
        kit.spawn(Monitor.create(ClusterStatusTest.B, "async", MBeanServerFactory.newMBeanServer()));
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(new Join(cluster.selfMember().address()));
    }

    @AfterAll
    static void shutDown() {
        client.close();
        metrics.close();
        kit.shutdownTestKit();
    }

    @Test
    void metricsAreInPrometheusTextFormat() throws Exception {
        var answer = get("/metrics");

        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/plain; charset=UTF-8",
                answer.headers().firstValue("content-type").orElse(""));
        assertTrue(answer.body().contains("\n# TYPE jvm_memory_used_bytes gauge\n"), answer.body());
    }

    @Test
    void aLivingNodeIsHealthyButReadyOnlyAsMasterOrStandby() throws Exception {
        assertEquals(200, get("/health").statusCode());
        assertEquals(500, get("/ready").statusCode());

        Await.until("ready", () -> {
            kit.system().eventStream().tell(new EventStream.Publish<>(ClusterStatusTest.STANDBY));
            return get("/ready").statusCode() == 200;
        });
    }

    @Test
    void theClusterIsToldAsJson() throws Exception {
        var answer = get("/antler/cluster");

        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("content-type").orElse(""));
        assertEquals(ClusterStatusTest.CLUSTER.toJson() + "\n", answer.body());
    }

    @Test
    void theOperatorOfThisMachineMayAdopt() throws Exception {
        int before = adoptions.get();

        var first = client.send(
                request("/antler/adopt").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        var second = client.send(
                request("/antler/adopt").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertEquals(0, before);
        assertEquals("200 adopted\n", first.statusCode() + " " + first.body());
        assertEquals("409 Not adopting: done before\n", second.statusCode() + " " + second.body());
    }

    @Test
    void nobodyElseMayAdoptWhateverTheHeadersSay() throws Exception {
        HttpRequest request = HttpRequest.POST("/adopt")
                .addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.ofLiteral("192.0.2.7")))
                .addHeader(akka.http.javadsl.model.HttpHeader.parse("X-Forwarded-For", "127.0.0.1"));

        HttpResponse response = api().route()
                .handler(kit.system())
                .apply(request)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertEquals(403, response.status().intValue());
    }

    @Test
    void aRequestFromNobodyKnowsWhereMayNotAdopt() throws Exception {
        HttpResponse response = api().route()
                .handler(kit.system())
                .apply(HttpRequest.POST("/adopt"))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertEquals(403, response.status().intValue());
    }

    @Test
    void aCheckpointIsStreamedAndAMissingOneNamed() throws Exception {
        byte[] image = new byte[3_000_000];
        image[2_999_999] = 7;
        Files.write(directory.resolve("1200"), image);

        var found = client.send(request("/antler/checkpoint/1200").build(), BodyHandlers.ofByteArray());
        var missing = get("/antler/checkpoint/1201");

        assertEquals(200, found.statusCode());
        assertArrayEquals(image, found.body());
        assertEquals("404 No checkpoint of version 1201 here.\n", missing.statusCode() + " " + missing.body());
        assertEquals(404, get("/antler/checkpoint/..%2Fetc").statusCode());
    }

    @Test
    void aNodeIsRemovedOnlyOnThisMachinesRequest() throws Exception {
        var removed = client.send(
                request("/antler/remove/n3").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        var refused = client.send(
                request("/antler/remove/n9").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertEquals("200 Removed: n3\n", removed.statusCode() + " " + removed.body());
        assertEquals("409 Not removed: n9\n", refused.statusCode() + " " + refused.body());
        assertEquals(405, get("/antler/remove/n3").statusCode());
    }

    @Test
    void theConfigurationIsPushedOnThisMachinesRequest() throws Exception {
        var pushed = client.send(
                request("/antler/config").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertEquals(
                "200 {\"number\":3,\"files\":{\"mfsexports.cfg\":\"0123456789ab\"}}\n",
                pushed.statusCode() + " " + pushed.body());
        assertEquals(405, get("/antler/config").statusCode());
    }

    @Test
    void anUnknownClusterIsToldWithItsReason() throws Exception {
        var api = new HttpApi(
                () -> CompletableFuture.failedFuture(new IllegalStateException("no majority: 1 of 3 nodes")),
                () -> CompletableFuture.completedFuture(""),
                _ -> CompletableFuture.completedFuture(""),
                _ -> Optional.empty());

        HttpResponse response = api.route()
                .handler(kit.system())
                .apply(HttpRequest.GET("/cluster"))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertEquals(503, response.status().intValue());
        var body = response.entity()
                .toStrict(1_000, kit.system())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertEquals("no majority: 1 of 3 nodes\n", body.getData().utf8String());
    }

    @Test
    void whatANodeGivesIsASourceForARestore() throws Exception {
        Path given = Files.createDirectories(directory.resolve("given"));
        Files.write(given.resolve("metadata_ml.mfs.back"), TestImage.of(5, ID, 50));
        Files.writeString(given.resolve("changelog_ml.0.mfs"), "5: 1|IDLE()\n6: 1|IDLE()\n7: 1|IDLE()\n");
        Files.writeString(given.resolve("changelog_ml.1.mfs.gz"), "4: 1|IDLE()\n");

        var sources = Sources.scan(List.of(new Place.Node(ADDRESS, PORT, true)));
        var collection = Collection.write(sources, directory.resolve("collected"));

        assertEquals(
                List.of(5L), sources.images().stream().map(ImageFile::version).toList());
        assertEquals(9, collection.reached());
        assertEquals(
                "4: 1|IDLE()\n5: 1|IDLE()\n6: 1|IDLE()\n7: 1|IDLE()\n8: 1|IDLE()\n",
                Files.readString(directory.resolve("collected/changelog.0.mfs")));
        assertEquals("8: 1|IDLE()\n", get("/antler/changes/8").body());
    }

    @Test
    void nothingElseOfADirectoryIsGiven() throws Exception {
        Path given = Files.createDirectories(directory.resolve("given"));
        Files.writeString(given.resolve("secret"), "secret");
        Files.writeString(directory.resolve("changelog.0.mfs"), "secret");
        Files.createDirectories(given.resolve("metadata.directory"));

        for (String path : List.of(
                "0/secret", "0/..%2Fchangelog.0.mfs", "0/metadata.directory", "1/changelog.0.mfs", "0/", "0/..")) {
            assertEquals(404, get("/antler/file/" + path).statusCode(), path);
        }
        assertEquals(
                405,
                client.send(
                                request("/antler/history")
                                        .POST(BodyPublishers.noBody())
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode());
    }

    private static HistoryRoutes history() {
        return new HistoryRoutes(
                List::of,
                List.of(directory.resolve("given")),
                Optional.of(version -> Source.from(List.of("6: 1|IDLE()\n", "7: 1|IDLE()\n", "8: 1|IDLE()\n"))
                        .filter(line -> line.charAt(0) - '0' >= version)
                        .map(ByteString::fromString)),
                Runnable::run);
    }

    private static HttpApi api() {
        return new HttpApi(
                () -> CompletableFuture.completedFuture(ClusterStatusTest.CLUSTER),
                () -> adoptions.getAndIncrement() == 0
                        ? CompletableFuture.completedFuture("adopted")
                        : CompletableFuture.failedFuture(new IllegalStateException("Not adopting: done before")),
                node -> node.equals("n3")
                        ? CompletableFuture.completedFuture("Removed: n3")
                        : CompletableFuture.failedFuture(new IllegalStateException("Not removed: " + node)),
                version ->
                        Optional.of(directory.resolve(Long.toString(version))).filter(Files::exists));
    }

    private static java.net.http.HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private static java.net.http.HttpRequest.Builder request(String path) {
        return java.net.http.HttpRequest.newBuilder(URI.create("http://" + ADDRESS + ":" + PORT + path));
    }

    private static Config config() {
        return HttpApi.settings(ADDRESS, PORT)
                .withFallback(ConfigFactory.parseString("""
                        akka.actor.provider = cluster
                        akka.remote.artery.canonical { hostname = "127.0.0.3", port = 0 }
                        akka.coordinated-shutdown.exit-jvm = off
                        """))
                .withFallback(ConfigFactory.load());
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
