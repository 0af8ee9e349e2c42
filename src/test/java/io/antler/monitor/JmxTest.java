package io.antler.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.eventstream.EventStream;
import io.antler.lab.Await;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A real JMX client over TCP, as an operator's. */
class JmxTest {
    private static final String ADDRESS = "127.0.0.2";
    private static final ActorTestKit kit = ActorTestKit.create();
    private static final MBeanServer mbeans = MBeanServerFactory.newMBeanServer();

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aClientReadsWhatTheNodePublishes() throws Exception {
        int port = freePort();
        var monitor = kit.spawn(Monitor.create(ClusterStatusTest.B, "async", mbeans));
        try (JmxServer server = JmxServer.open(ADDRESS, port, mbeans);
                JMXConnector connector = connect(server)) {
            MBeanServerConnection client = connector.getMBeanServerConnection();
            ObjectName node = new ObjectName(Monitor.MBEAN);
            Await.until("MBean registered", () -> client.isRegistered(node));

            assertEquals("starting", client.getAttribute(node, "Role"));
            assertNull(client.getAttribute(node, "JournaledVersion"));

            kit.system().eventStream().tell(new EventStream.Publish<>(ClusterStatusTest.CLUSTER));
            kit.system().eventStream().tell(new EventStream.Publish<>(ClusterStatusTest.STANDBY));
            Await.until("status shown", () -> client.getAttribute(node, "Role").equals("standby"));

            assertEquals("hot", client.getAttribute(node, "Standby"));
            assertEquals(3L, client.getAttribute(node, "Epoch"));
            assertEquals(1_207L, client.getAttribute(node, "JournaledVersion"));
            assertEquals(1_200L, client.getAttribute(node, "ReplayedVersion"));
            assertEquals(7L, client.getAttribute(node, "Lag"));
            assertEquals("n1", client.getAttribute(node, "Master"));
            assertEquals("n1", client.getAttribute(node, "AddressOwner"));
            assertEquals(false, client.getAttribute(node, "OwnsAddress"));
            assertEquals("async", client.getAttribute(node, "Durability"));
            assertEquals("00112233445566FF", client.getAttribute(node, "MetadataId"));
            assertEquals("catching up", client.getAttribute(node, "Message"));
            assertEquals("n2", client.getAttribute(node, "Node"));
        }
        kit.stop(monitor);
        assertFalse(mbeans.isRegistered(new ObjectName(Monitor.MBEAN)));
    }

    @Test
    void everyAttributeIsDescribed() throws Exception {
        int port = freePort();
        MBeanServer own = withOneNode();
        try (JmxServer server = JmxServer.open(ADDRESS, port, own);
                JMXConnector connector = connect(server)) {
            var info = connector.getMBeanServerConnection().getMBeanInfo(new ObjectName(Monitor.MBEAN));

            assertEquals("State of this Antler node", info.getDescription());
            Map<String, String> descriptions = Arrays.stream(info.getAttributes())
                    .collect(Collectors.toMap(MBeanAttributeInfo::getName, MBeanAttributeInfo::getDescription));
            assertEquals(13, descriptions.size());
            assertEquals("Whether this node has the virtual IP", descriptions.get("OwnsAddress"));
            descriptions.forEach((name, text) -> assertTrue(text.contains(" "), name + ": " + text));
        }
    }

    @Test
    void aClientMayLookButNotTouch() throws Exception {
        int port = freePort();
        try (JmxServer server = JmxServer.open(ADDRESS, port, withOneNode());
                JMXConnector connector = connect(server)) {
            MBeanServerConnection client = connector.getMBeanServerConnection();
            var node = new ObjectName(Monitor.MBEAN);

            assertThrows(SecurityException.class, () -> client.unregisterMBean(node));
            assertThrows(SecurityException.class, () -> client.createMBean("javax.management.timer.Timer", null));
            assertThrows(SecurityException.class, () -> client.invoke(node, "gc", null, null));
        }
    }

    /** Any class of the class path that the client could make the server build. */
    record Foreign(String text) implements Serializable {}

    @Test
    void aForeignClassIsRefusedBeforeItIsBuilt() throws Exception {
        int port = freePort();
        try (JmxServer server = JmxServer.open(ADDRESS, port, withOneNode());
                JMXConnector connector = connect(server)) {
            MBeanServerConnection client = connector.getMBeanServerConnection();
            var node = new ObjectName(Monitor.MBEAN);

            var failure = assertThrows(
                    IOException.class, () -> client.setAttribute(node, new Attribute("Role", new Foreign("x"))));

            assertInstanceOf(InvalidClassException.class, root(failure));
        }
    }

    @Test
    void itListensOnTheNodesAddressOnlyAndWithOnePort() throws Exception {
        int port = freePort();
        try (JmxServer server = JmxServer.open(ADDRESS, port, mbeans)) {
            assertTrue(server.url().toString().contains(ADDRESS + ":" + port));
            new Socket(InetAddress.ofLiteral(ADDRESS), port).close();
            assertThrows(ConnectException.class, () -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close());
        }
        Await.until("port closed", () -> isRefused(port)); // RMI closes it on a thread of its own
    }

    private static boolean isRefused(int port) throws IOException {
        try {
            new Socket(InetAddress.ofLiteral(ADDRESS), port).close();
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    @Test
    void aPortInUseIsToldWithWhatToDo() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
            int port = taken.getLocalPort();

            var failure = assertThrows(UncheckedIOException.class, () -> JmxServer.open(ADDRESS, port, mbeans));

            assertTrue(String.valueOf(failure.getMessage()).startsWith("JMX not opened on " + ADDRESS + ":" + port));
        }
    }

    @SuppressWarnings("BanJNDI") // to our own server, the way every JMX client goes
    private static JMXConnector connect(JmxServer server) throws IOException {
        return JMXConnectorFactory.connect(server.url());
    }

    private static MBeanServer withOneNode() throws Exception {
        MBeanServer server = MBeanServerFactory.newMBeanServer();
        var bean = new NodeBean(Board.of(kit.system()), ClusterStatusTest.A, "async");
        server.registerMBean(new DescribedMBean(bean, NodeMXBean.class), new ObjectName(Monitor.MBEAN));
        return server;
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
            return socket.getLocalPort();
        }
    }
}
