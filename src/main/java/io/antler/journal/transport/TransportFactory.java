package io.antler.journal.transport;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;
import org.jspecify.annotations.Nullable;

/** Found by JRaft; goes before the one that JRaft brings. */
@SPI(priority = 100)
public final class TransportFactory implements RaftRpcFactory {
    /** Nothing to do: the messages and their numbers are a table of ours. */
    @Override
    public void registerProtobufSerializer(String className, Object... args) {}

    @Override
    public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> helper) {
        var client = new ClientView();
        if (helper != null) {
            helper.config(client);
        }
        return client;
    }

    /** A server is part of a {@link Transport}; JRaft asks for one only in its RaftGroupService, which is not used. */
    @Override
    public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> helper) {
        throw new UnsupportedOperationException(
                "open a Transport for " + endpoint + " and make the node with its options");
    }
}
