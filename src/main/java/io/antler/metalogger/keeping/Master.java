package io.antler.metalogger.keeping;

import io.antler.metalogger.Metalogger;
import io.antler.moosefs.MetadataId;
import java.net.InetSocketAddress;

/**
 * A master somewhere. Its name is looked up anew whenever it is connected to.
 *
 * @param port the one for metaloggers, 9419
 * @param clientPort the one for mounts, 9421; it is asked for the metadata id and the version
 */
public record Master(String host, int port, int clientPort) {
    public InetSocketAddress changes() {
        return new InetSocketAddress(host, port);
    }

    public InetSocketAddress clients() {
        return new InetSocketAddress(host, clientPort);
    }

    public Metalogger.Target target(MetadataId id) {
        return new Metalogger.Target(changes(), clients(), id);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
