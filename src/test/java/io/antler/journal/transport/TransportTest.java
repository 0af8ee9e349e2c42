package io.antler.journal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.antler.lab.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two peers over TCP, without TLS. */
class TransportTest {
    private final TestPeer n1 = TestPeer.open("n1", new Security.Plain());
    private final TestPeer n2 = TestPeer.open("n2", new Security.Plain());

    @AfterEach
    void close() {
        n1.close();
        n2.close();
    }

    @Test
    void aCallIsAnsweredAlsoALargeOne() throws Exception {
        n1.connect(n2);
        byte[] large = new byte[(4 << 20) + (512 << 10)];
        new Random(1).nextBytes(large);

        assertArrayEquals(new byte[] {7}, n1.call(n2, new byte[] {7}).get());
        assertArrayEquals(large, n1.call(n2, large).get());
    }

    @Test
    void aRequestThatIsTooLargeIsNotSentAndHarmsNoOther() throws Exception {
        n1.connect(n2);

        var failure = assertThrows(ExecutionException.class, () -> n1.call(n2, new byte[TestPeer.LIMIT_BYTES])
                .get());

        assertTrue(String.valueOf(failure.getMessage()).contains("larger than the limit"), failure.getMessage());
        assertArrayEquals(new byte[] {7}, n1.call(n2, new byte[] {7}).get());
    }

    @Test
    void whileThereIsNoConnectionACallFailsAtOnceAndOneIsMade() {
        assertTrue(n1.call(n2, new byte[1]).isCompletedExceptionally());

        Await.until("connected", () -> n1.to(n2).ready());
        assertTrue(n2.answers(n1));
    }

    @Test
    void appendsKeepTheirOrderAndHeartbeatsOvertakeThem() throws Exception {
        var go = new CountDownLatch(1);
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        processor(n2, (context, append) -> {
            if (append.hasData()) {
                await(go);
                handled.add(append.getPrevLogIndex());
            }
            context.sendResponse(response(append.getPrevLogIndex()));
        });
        n1.connect(n2);
        var answers = new CountDownLatch(1_000);
        var heartbeat = new CountDownLatch(1);

        for (long i = 0; i < 1_000; i++) {
            n1.to(n2).invoke(append(i, true), 30_000, (_, _) -> answers.countDown());
        }
        n1.to(n2).invoke(append(0, false), 30_000, (_, _) -> heartbeat.countDown());

        assertTrue(heartbeat.await(30, TimeUnit.SECONDS), "a heartbeat does not wait for appends");
        assertEquals(1_000, answers.getCount());
        go.countDown();
        assertTrue(answers.await(30, TimeUnit.SECONDS));
        assertEquals(LongStream.range(0, 1_000).boxed().toList(), List.copyOf(handled));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static AppendEntriesRequest append(long index, boolean data) {
        var append = AppendEntriesRequest.newBuilder()
                .setGroupId("g")
                .setServerId("s")
                .setPeerId("p")
                .setTerm(1)
                .setPrevLogTerm(1)
                .setPrevLogIndex(index)
                .setCommittedIndex(0);
        return data ? append.setData(ByteString.copyFromUtf8("x")).build() : append.build();
    }

    private static AppendEntriesResponse response(long index) {
        return AppendEntriesResponse.newBuilder()
                .setTerm(1)
                .setSuccess(true)
                .setLastLogIndex(index)
                .build();
    }

    private static void processor(TestPeer peer, BiConsumer<RpcContext, AppendEntriesRequest> handler) {
        peer.transport.server().registerProcessor(new RpcProcessor<AppendEntriesRequest>() {
            @Override
            public void handleRequest(RpcContext context, AppendEntriesRequest request) {
                handler.accept(context, request);
            }

            @Override
            public String interest() {
                return AppendEntriesRequest.class.getName();
            }

            @Override
            public Executor executor() {
                return peer.transport.requests();
            }
        });
    }

    @Test
    void aRefusedPeerIsToldWhyOnceAndComesInWhenThatIsSettled() {
        n1.name = "stranger";
        n1.to(n2).want();
        Await.until("two attempts", () -> n2.asked.get() >= 3);
        assertEquals(List.of("it says: n2 knows no stranger"), List.copyOf(n1.refusals));

        n1.name = "n1";

        Await.until("connected", () -> n1.to(n2).ready());
    }

    @Test
    void theOneThatCallsRefusesTooWhenTheOtherIsAStranger() {
        n2.name = "stranger";
        n1.to(n2).want();

        Await.until("refused", () -> !n1.refusals.isEmpty());

        assertEquals("n1 knows no stranger", n1.refusals.peek());
        assertFalse(n1.to(n2).ready());
    }

    @Test
    void aPeerThatIsClosedFailsWhatIsUnderWayAndOneThatComesBackIsFound() {
        n2.answer = new CompletableFuture<>();
        n2.echo = false;
        n1.connect(n2);
        var underWay = n1.call(n2, new byte[1]);
        n2.transport.close();

        assertThrows(ExecutionException.class, underWay::get);
        try (var again = TestPeer.open("n2", n2.address, TcpNetwork.open(new Security.Plain(), TestPeer.PING))) {
            Await.until("connected again", () -> again.answers(n1));
        }
    }

    @Test
    void askingForAConnectionToANodeThatDoesNotAnswerDoesNotBlock() throws Exception {
        var client = new ClientView();
        client.init(new TransportOptions(n1.transport));
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var endpoint = Transport.endpoint(new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort()));
            long begin = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThrows(
                        RemotingException.class,
                        () -> client.invokeSync(endpoint, PingRequest.getDefaultInstance(), null, 5_000));
            }
            long perCallMs = (System.nanoTime() - begin) / 20_000_000;
            assertTrue(perCallMs < 500, perCallMs + " ms per call");
        }
        assertInstanceOf(Message.class, client.invokeSync(connected(), PingRequest.getDefaultInstance(), null, 5_000));
    }

    private Endpoint connected() {
        n1.connect(n2);
        return n2.endpoint();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void garbageEndsItsOwnConnectionOnly(long seed) throws Exception {
        var random = new Random(seed);
        n1.connect(n2);
        byte[] hello = framed(Frame.hello("n3".getBytes(UTF_8)));
        byte[] request = framed(Frame.request(1, append(1, true)));
        for (int i = 0; i < 60; i++) {
            byte[] first = random.nextBoolean() ? hello : FrameTest.mutation(hello, random);
            byte[] second = FrameTest.mutation(request, random);
            try (var socket = new Socket(n2.address.getAddress(), n2.address.getPort())) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(first);
                socket.getOutputStream().write(second);
                socket.shutdownOutput();
                drain(socket.getInputStream());
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).matches(".*(reset|pipe|abort).*"), e.toString());
            }
        }

        assertTrue(n2.answers(n1));
        Await.until("only n1 is left", () -> n2.transport.sessionCount() == 1);
    }

    private static byte[] framed(byte[] frame) {
        return ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private static void drain(InputStream in) throws IOException {
        in.readAllBytes(); // ends when n2 closes: at the end of input at the latest
    }

    @Test
    void noMemoryIsTakenForWhatAStrangerAnnounces() throws Exception {
        try (var socket = new Socket(n2.address.getAddress(), n2.address.getPort())) {
            socket.getOutputStream().write(new byte[] {0x7f, -1, -1, -1});

            byte[] answer = socket.getInputStream().readAllBytes();

            assertTrue(new String(answer, UTF_8).contains("a frame of 2147483647 bytes; 1 to 16384 are allowed"));
        }
    }

    @Test
    void strangersThatSayNothingAreShownOut() throws Exception {
        try (var socket = new Socket(n2.address.getAddress(), n2.address.getPort())) {
            socket.setSoTimeout(30_000);

            assertEquals(-1, socket.getInputStream().read());
        }
    }
}
