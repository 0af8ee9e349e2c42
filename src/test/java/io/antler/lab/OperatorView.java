package io.antler.lab;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.management.Attribute;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * A program for a host of the lab: prints a node's MBean as {@code NAME=VALUE}, and the status codes of its health paths,
 * as an operator's tools on another machine see them.
 */
final class OperatorView {
    private OperatorView() {}

    @SuppressWarnings("BanJNDI") // the address is the test's own
    public static void main(String[] args) throws Exception {
        String address = args[0];
        var url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + address + ":9440/jmxrmi");
        try (var connector = JMXConnectorFactory.connect(url);
                var http = HttpClient.newHttpClient()) {
            var server = connector.getMBeanServerConnection();
            var name = new ObjectName("io.antler:type=Node");
            for (var attribute : server.getMBeanInfo(name).getAttributes()) {
                if (attribute.getDescription().length() < 10) {
                    throw new IllegalStateException(attribute.getName() + " is not described");
                }
            }
            String[] names = {"Node", "Role", "Epoch", "Master", "Durability", "MetadataId", "Lag"};
            for (Object attribute : server.getAttributes(name, names)) {
                System.out.println(((Attribute) attribute).getName() + "=" + ((Attribute) attribute).getValue());
            }
            for (String path : new String[] {"health", "ready"}) {
                var request = HttpRequest.newBuilder(URI.create("http://" + address + ":9432/" + path));
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
                System.out.println(path + "=" + answer.statusCode());
            }
        }
    }
}
