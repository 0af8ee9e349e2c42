package io.antler.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.server.Route;
import io.antler.master.orphans.OrphanSet;
import io.antler.master.orphans.Orphans;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorRoutesTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String HERE = "127.0.0.1";
    private static final String ELSEWHERE = "192.0.2.7";
    private static final OrphanSet SET =
            new OrphanSet("epoch-3-x", 3, "/d/epoch-3-x", 1, 120L, 120L, List.of(), "2026-11-28T12:00:00Z", null);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static String answer(Route route, HttpRequest request, String from) throws Exception {
        HttpResponse response = route.handler(KIT.system())
                .apply(request.addAttribute(
                        AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.ofLiteral(from))))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        String body = response.entity()
                .toStrict(60_000, KIT.system())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .getData()
                .utf8String();
        return response.status().intValue() + " " + body.strip();
    }

    private static Orphans orphans(Path dataDir) throws IOException {
        Path directory = Files.createDirectories(dataDir.resolve("orphans"));
        Files.writeString(directory.resolve("epoch-3-x.mfs"), "120: 1|CREATE(1,a):5\n");
        Files.writeString(directory.resolve("epoch-3-x.json"), SET.toJson());
        return Orphans.open(dataDir);
    }

    @Test
    void orphansAreToldToEverybodyAndDismissedFromThisMachineOnly(@TempDir Path dataDir) throws Exception {
        var orphans = new OrphanRoutes(orphans(dataDir), ForkJoinPool.commonPool());
        var registry = new SimpleMeterRegistry();
        orphans.observe(registry);
        Route route = orphans.route();
        HttpRequest dismiss = HttpRequest.POST("/orphans/epoch-3-x/dismiss");

        assertEquals(
                "200 " + OrphanSet.listToJson(List.of(SET)), answer(route, HttpRequest.GET("/orphans"), ELSEWHERE));
        assertEquals(
                "200 120: 1|CREATE(1,a):5", answer(route, HttpRequest.GET("/orphans/epoch-3-x/changes"), ELSEWHERE));
        assertTrue(
                answer(route, HttpRequest.GET("/orphans/epoch-9/changes"), HERE).startsWith("404 "));
        assertTrue(answer(route, HttpRequest.GET("/orphans/..%2Fepoch-3-x/changes"), HERE)
                .startsWith("404 "));
        assertTrue(answer(route, dismiss, ELSEWHERE).startsWith("403 "));
        assertEquals(1, registry.get("antler.orphans.changes").gauge().value());
        assertTrue(answer(route, dismiss, HERE).startsWith("200 Dismissed: epoch-3-x"));
        assertEquals(0, registry.get("antler.orphans.changes").gauge().value());
        assertTrue(answer(route, HttpRequest.POST("/orphans/epoch-9/dismiss"), HERE)
                .startsWith("404 "));
    }

    @Test
    void aClusterIsLeftFromThisMachineOnly() throws Exception {
        Route route = new LeaveRoutes(
                        () -> CompletableFuture.completedFuture("leaving"),
                        () -> CompletableFuture.failedFuture(new IllegalStateException("no majority")))
                .route();

        assertEquals("200 leaving", answer(route, HttpRequest.POST("/leave"), HERE));
        assertEquals("409 no majority", answer(route, HttpRequest.POST("/leave/cancel"), HERE));
        assertTrue(answer(route, HttpRequest.POST("/leave"), ELSEWHERE).startsWith("403 "));
        assertTrue(answer(route, HttpRequest.POST("/leave/cancel"), ELSEWHERE).startsWith("403 "));
    }
}
