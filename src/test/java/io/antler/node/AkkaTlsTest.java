package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.Props;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.transport.Security.MutualTls;
import io.antler.journal.transport.TestCertificates;
import io.antler.lab.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Akka's remoting with the files of antler.tls. */
class AkkaTlsTest {
    @Test
    void nodesWithCertificatesOfOneCaReachEachOther(@TempDir Path directory) {
        var ca = new TestCertificates(directory, "ca");
        int port = freePort();
        ActorSystem first = system("127.0.0.1", port, ca.issue("n1"));
        ActorSystem second = system("127.0.0.2", port, ca.issue("n2"));
        try {
            second.actorOf(Props.create(Echo.class, Echo::new), "echo");
            String path = "akka://" + AkkaConfig.SYSTEM + "@127.0.0.2:" + port + "/user/echo";

            ActorRef found = Await.of(first.actorSelection(path).resolveOne(Duration.ofSeconds(30)));

            assertEquals("echo", found.path().name());
            assertEquals(
                    "TLSv1.3",
                    first.settings().config().getString("akka.remote.artery.ssl.rotating-keys-engine.protocol"));
        } finally {
            first.terminate();
            second.terminate();
            Await.of(first.getWhenTerminated());
            Await.of(second.getWhenTerminated());
        }
    }

    private static ActorSystem system(String address, int port, MutualTls tls) {
        return ActorSystem.create(
                AkkaConfig.SYSTEM,
                AkkaConfig.remoting(tls)
                        .withFallback(ConfigFactory.parseString("""
                                akka.actor { provider = remote, allow-java-serialization = off }
                                akka.remote.use-unsafe-remote-features-outside-cluster = on
                                akka.remote.artery.canonical { hostname = "%s", port = %d }
                                """.formatted(address, port)))
                        .withFallback(ConfigFactory.load()));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Echo extends AbstractActor {
        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .matchAny(message -> getSender().tell(message, getSelf()))
                    .build();
        }
    }
}
