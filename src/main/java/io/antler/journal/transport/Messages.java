package io.antler.journal.transport;

import com.alipay.sofa.jraft.rpc.CliRequests;
import com.alipay.sofa.jraft.rpc.RpcRequests;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/** The numbers of the messages, which never change their meaning. What is not in the table cannot be sent or received. */
final class Messages {
    /** Bytes that only the caller and the called understand. */
    private static final int BYTES = 1;

    private static final Map<Integer, Message> TABLE = Map.ofEntries(
            Map.entry(2, RpcRequests.ErrorResponse.getDefaultInstance()),
            Map.entry(3, RpcRequests.PingRequest.getDefaultInstance()),
            Map.entry(4, RpcRequests.AppendEntriesRequest.getDefaultInstance()),
            Map.entry(5, RpcRequests.AppendEntriesResponse.getDefaultInstance()),
            Map.entry(6, RpcRequests.RequestVoteRequest.getDefaultInstance()),
            Map.entry(7, RpcRequests.RequestVoteResponse.getDefaultInstance()),
            Map.entry(8, RpcRequests.TimeoutNowRequest.getDefaultInstance()),
            Map.entry(9, RpcRequests.TimeoutNowResponse.getDefaultInstance()),
            Map.entry(10, RpcRequests.ReadIndexRequest.getDefaultInstance()),
            Map.entry(11, RpcRequests.ReadIndexResponse.getDefaultInstance()),
            Map.entry(12, RpcRequests.InstallSnapshotRequest.getDefaultInstance()),
            Map.entry(13, RpcRequests.InstallSnapshotResponse.getDefaultInstance()),
            Map.entry(14, RpcRequests.GetFileRequest.getDefaultInstance()),
            Map.entry(15, RpcRequests.GetFileResponse.getDefaultInstance()),
            Map.entry(32, CliRequests.AddPeerRequest.getDefaultInstance()),
            Map.entry(33, CliRequests.AddPeerResponse.getDefaultInstance()),
            Map.entry(34, CliRequests.RemovePeerRequest.getDefaultInstance()),
            Map.entry(35, CliRequests.RemovePeerResponse.getDefaultInstance()),
            Map.entry(36, CliRequests.ChangePeersRequest.getDefaultInstance()),
            Map.entry(37, CliRequests.ChangePeersResponse.getDefaultInstance()),
            Map.entry(38, CliRequests.ResetPeerRequest.getDefaultInstance()),
            Map.entry(39, CliRequests.SnapshotRequest.getDefaultInstance()),
            Map.entry(40, CliRequests.TransferLeaderRequest.getDefaultInstance()),
            Map.entry(41, CliRequests.GetLeaderRequest.getDefaultInstance()),
            Map.entry(42, CliRequests.GetLeaderResponse.getDefaultInstance()),
            Map.entry(43, CliRequests.GetPeersRequest.getDefaultInstance()),
            Map.entry(44, CliRequests.GetPeersResponse.getDefaultInstance()),
            Map.entry(45, CliRequests.AddLearnersRequest.getDefaultInstance()),
            Map.entry(46, CliRequests.RemoveLearnersRequest.getDefaultInstance()),
            Map.entry(47, CliRequests.ResetLearnersRequest.getDefaultInstance()),
            Map.entry(48, CliRequests.LearnersOpResponse.getDefaultInstance()));

    private static final Map<Class<?>, Integer> NUMBERS = TABLE.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(entry -> entry.getValue().getClass(), Map.Entry::getKey));

    private Messages() {}

    /** @throws IllegalArgumentException if this is neither bytes nor one of JRaft's messages */
    static int number(Object message) {
        if (message instanceof byte[]) {
            return BYTES;
        }
        Integer number = NUMBERS.get(message.getClass());
        if (number == null) {
            throw new IllegalArgumentException("no message for peers: " + message.getClass());
        }
        return number;
    }

    /** The result may keep the bytes of the body. @throws BadFrame if the body is not such a message */
    static Object parse(int number, ByteString body) {
        if (number == BYTES) {
            return body.toByteArray();
        }
        Message prototype = TABLE.get(number);
        if (prototype == null) {
            throw new BadFrame("a message with the unknown number " + number);
        }
        try {
            CodedInputStream in = body.newCodedInput();
            in.enableAliasing(true); // else an entry would be copied once more
            return prototype.getParserForType().parseFrom(in);
        } catch (IOException e) {
            throw new BadFrame("not a " + prototype.getClass().getSimpleName() + " of " + body.size() + " bytes: "
                    + e.getMessage());
        }
    }
}
