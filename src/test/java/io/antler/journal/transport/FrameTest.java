package io.antler.journal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    private static final AppendEntriesRequest APPEND = AppendEntriesRequest.newBuilder()
            .setGroupId("antler")
            .setServerId("10.0.0.1:9430")
            .setPeerId("10.0.0.2:9430")
            .setTerm(7)
            .setPrevLogTerm(6)
            .setPrevLogIndex(41)
            .setCommittedIndex(40)
            .setData(ByteString.copyFromUtf8("data"))
            .build();

    @Test
    void whatIsSentIsWhatArrives() {
        var hello = assertInstanceOf(Frame.Hello.class, Frame.decode(Frame.hello(new byte[] {1, 2})));
        assertEquals(ByteString.copyFrom(new byte[] {1, 2}), hello.content());
        var request = assertInstanceOf(Frame.Request.class, Frame.decode(Frame.request(5, APPEND)));
        assertEquals(5, request.id());
        assertEquals(APPEND, Messages.parse(request.message(), request.body()));
        var response = assertInstanceOf(Frame.Response.class, Frame.decode(Frame.response(6, new byte[] {9})));
        assertArrayEquals(new byte[] {9}, (byte[]) Messages.parse(response.message(), response.body()));
        assertEquals(new Frame.Failure(7, "größer"), Frame.decode(Frame.failure(7, "größer")));
        assertInstanceOf(Frame.Ping.class, Frame.decode(Frame.ping()));
        assertInstanceOf(Frame.Pong.class, Frame.decode(Frame.pong()));
    }

    @Test
    void theBytesOnTheWireStayAsTheyAre() {
        assertEquals("01414e544c524146540001" + "6e31", hex(Frame.hello("n1".getBytes(UTF_8))));
        assertEquals("020000000000000001" + "03" + "0805", hex(Frame.request(1, ping(5))));
        assertEquals("030000000000000002" + "01" + "ff", hex(Frame.response(2, new byte[] {-1})));
        assertEquals("040000000000000000" + "6e6f", hex(Frame.failure(0, "no")));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static Message ping(long timestamp) {
        return PingRequest.newBuilder().setSendTimestamp(timestamp).build();
    }

    @Test
    void aMessageOfSomebodyElseIsNotSent() {
        assertThrows(IllegalArgumentException.class, () -> Frame.request(1, "text"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyMutationIsAFrameOrIsRefusedAsABadOne(long seed) {
        var random = new Random(seed);
        var frames = List.of(
                Frame.hello("n1".getBytes(UTF_8)),
                Frame.request(1, APPEND),
                Frame.response(2, ping(3)),
                Frame.failure(3, "because"),
                Frame.ping());
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutation(frames.get(random.nextInt(frames.size())), random);
            try {
                switch (Frame.decode(mutated)) {
                    case Frame.Request request -> Messages.parse(request.message(), request.body());
                    case Frame.Response response -> Messages.parse(response.message(), response.body());
                    case Frame.Hello _, Frame.Failure _, Frame.Ping _, Frame.Pong _ -> {}
                }
            } catch (BadFrame e) {
                assertEquals(BadFrame.class, e.getClass()); // as it should be; any other exception fails
            }
        }
    }

    static byte[] mutation(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
    }
}
