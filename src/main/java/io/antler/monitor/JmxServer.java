package io.antler.monitor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;

/**
 * The JMX connector: one TCP port for registry and connections, on the node's address only, for reading only. One in a
 * JVM, because RMI has one host name for all it exports.
 */
public final class JmxServer implements AutoCloseable {
    /** What a client that only reads has to send. Anything else is refused before it is built. */
    private static final String ACCEPTED = String.join(
            ";",
            "maxdepth=20;maxrefs=10000;maxbytes=1000000;maxarray=1000",
            "java.lang.*;java.util.*;java.math.*",
            "java.rmi.MarshalledObject;java.rmi.dgc.*;java.rmi.server.UID",
            "javax.management.*;javax.management.openmbean.*",
            "!*");

    private final Registry registry;
    private final RMIConnectorServer connector;
    private final JMXServiceURL url;

    private JmxServer(Registry registry, RMIConnectorServer connector, JMXServiceURL url) {
        this.registry = registry;
        this.connector = connector;
        this.url = url;
    }

    /**
     * @param address of this node, IPv4 in digits
     * @throws UncheckedIOException if the port cannot be opened
     */
    public static JmxServer open(String address, int port) {
        return open(address, port, ManagementFactory.getPlatformMBeanServer());
    }

    static JmxServer open(String address, int port, MBeanServer mbeans) {
        System.setProperty("java.rmi.server.hostname", address); // the host that clients are sent to
        var sockets = new OneAddress(InetAddress.ofLiteral(address));
        try {
            Registry registry = LocateRegistry.createRegistry(port, null, sockets);
            try {
                return serve(registry, sockets, port, mbeans);
            } catch (IOException e) {
                UnicastRemoteObject.unexportObject(registry, true);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "JMX not opened on " + address + ":" + port + ": " + e.getMessage()
                            + ". Free the port, choose another antler.jmx.port, or leave it out",
                    e);
        }
    }

    private static JmxServer serve(Registry registry, OneAddress sockets, int port, MBeanServer mbeans)
            throws IOException {
        String host = sockets.address().getHostAddress();
        Map<String, Object> environment = Map.of(
                RMIConnectorServer.SERIAL_FILTER_PATTERN,
                ACCEPTED,
                RMIConnectorServer.CREDENTIALS_FILTER_PATTERN,
                "java.lang.String;!*");
        var server = new RMIJRMPServerImpl(port, null, sockets, environment);
        var connector = new RMIConnectorServer(new JMXServiceURL("rmi", host, port), environment, server, mbeans);
        connector.setMBeanServerForwarder(ReadOnlyMBeans.of(mbeans));
        connector.start();
        registry.rebind("jmxrmi", server.toStub());
        var url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + host + ":" + port + "/jmxrmi");
        return new JmxServer(registry, connector, url);
    }

    /** What {@code jconsole} connects to. */
    public JMXServiceURL url() {
        return url;
    }

    @Override
    public void close() {
        try {
            connector.stop();
            UnicastRemoteObject.unexportObject(registry, true);
        } catch (IOException e) {
            throw new UncheckedIOException("JMX not closed: " + url, e);
        }
    }

    /** Equal for equal addresses, so that RMI uses one socket for registry and connector. */
    private record OneAddress(InetAddress address) implements RMIServerSocketFactory {
        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            var socket = new ServerSocket();
            socket.bind(new InetSocketAddress(address, port));
            return socket;
        }
    }
}
