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
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.antler.lab.Await;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
        api().install(kit.system());
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
