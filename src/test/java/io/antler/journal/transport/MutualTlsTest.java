package io.antler.journal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.transport.Security.MutualTls;
import io.antler.lab.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** n1 is a peer with its certificate; who calls it, or is called by it, may be anybody. */
class MutualTlsTest {
    private static TestCertificates ca;
    private static TestCertificates otherCa;
    private static MutualTls first;
    private static MutualTls second;
    private static MutualTls foreign;
    private static Path directory;

    private TestPeer n1;

    @BeforeAll
    static void certificates(@TempDir Path temporary) {
        directory = temporary;
        ca = new TestCertificates(directory, "ca");
        otherCa = new TestCertificates(directory, "other");
        first = ca.issue("n1");
        second = ca.issue("n2");
        foreign = otherCa.issue("n2");
    }

    @BeforeEach
    void open() {
        n1 = TestPeer.open("n1", first);
    }

    @AfterEach
    void close() {
        n1.close();
    }

    @Test
    void peersWithCertificatesOfOneCaTalkAndLargeEntriesPass() throws Exception {
        try (var n2 = TestPeer.open("n2", second)) {
            n2.connect(n1);
            byte[] large = new byte[(4 << 20) + (512 << 10)];
            new Random(1).nextBytes(large);

            assertArrayEquals(large, n2.call(n1, large).get());
        }
    }

    @Test
    void aPeerWithTheCertificateOfAnotherNodeIsRefused() {
        try (var n3 = TestPeer.open("n3", second)) {
            n3.to(n1).want();

            Await.until("refused", () -> !n3.refusals.isEmpty());

            assertEquals("it says: not the certificate of n3", n3.refusals.peek());
            assertFalse(n3.to(n1).ready());
        }
    }

    @Test
    void aPeerOfAnotherCaIsRefusedByBothSidesWithoutAWordSaid() {
        try (var n2 = TestPeer.open("n2", foreign)) {
            n2.to(n1).want();
            n1.to(n2).want();

            Await.until("refused", () -> !n1.refusals.isEmpty() && !n2.refusals.isEmpty());

            assertTrue(String.valueOf(n1.refusals.peek()).contains("certificate"), n1.refusals.peek());
            assertTrue(String.valueOf(n2.refusals.peek()).contains("certificate"), n2.refusals.peek());
            assertEquals(0, n1.asked.get() + n2.asked.get());
        }
    }

    @Test
    void aPlainPeerAndOneWithTlsSayWhyTheyDoNotTalk() {
        try (var plain = TestPeer.open("n2", new Security.Plain())) {
            n1.to(plain).want();
            plain.to(n1).want();

            Await.until("refused", () -> !n1.refusals.isEmpty() && !plain.refusals.isEmpty());

            assertEquals(TcpWire.ONE_SIDE_ONLY, n1.refusals.peek());
            assertEquals(0, n1.asked.get() + plain.asked.get());
        }
    }

    enum Stranger {
        WITHOUT_CERTIFICATE,
        OF_ANOTHER_CA,
        EXPIRED,
        OLDER_TLS,
        GARBAGE
    }

    @ParameterizedTest
    @EnumSource
    void aStrangerIsRefusedBeforeAnythingItSaysIsParsed(Stranger stranger) throws Exception {
        byte[] hello = Frame.hello("n2".getBytes(UTF_8));
        byte[] framed = ByteBuffer.allocate(4 + hello.length)
                .putInt(hello.length)
                .put(hello)
                .array();

        try (Socket socket = socket(stranger)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(framed);
            socket.getOutputStream().flush();
            assertTrue(socket.getInputStream().readAllBytes().length < 64, "an alert at most");
        } catch (IOException e) {
            assertFalse(e instanceof SocketTimeoutException, "not closed");
        }

        assertEquals(0, n1.asked.get());
        try (var n2 = TestPeer.open("n2", second)) {
            n2.connect(n1);
        }
    }

    private Socket socket(Stranger stranger) throws Exception {
        if (stranger == Stranger.GARBAGE) {
            return new Socket(n1.address.getAddress(), n1.address.getPort());
        }
        KeyManager[] keys =
                switch (stranger) {
                    case OF_ANOTHER_CA -> keys(foreign);
                    case EXPIRED -> keys(ca.issue("old", -1));
                    case OLDER_TLS -> keys(second);
                    case WITHOUT_CERTIFICATE, GARBAGE -> new KeyManager[0];
                };
        var context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new Trusting()}, null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(n1.address.getAddress(), n1.address.getPort());
        socket.setEnabledProtocols(new String[] {stranger == Stranger.OLDER_TLS ? "TLSv1.2" : "TLSv1.3"});
        return socket;
    }

    private static KeyManager[] keys(MutualTls files) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Certificates read = Certificates.unchecked(files);
        store.setKeyEntry("node", read.key(), new char[0], read.chain().toArray(X509Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    @Test
    void filesThatCannotBeUsedAreNamedWithWhatToDo() throws Exception {
        Path missing = directory.resolve("missing.crt");
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        assertProblem(new MutualTls(missing, first.key(), first.ca()), missing + " cannot be read");
        assertProblem(new MutualTls(empty, first.key(), first.ca()), empty + " has no certificate");
        assertProblem(new MutualTls(first.certificate(), empty, first.ca()), "openssl pkcs8 -topk8");
        assertProblem(
                new MutualTls(first.certificate(), second.key(), first.ca()),
                second.key() + " is not the key to the certificate in " + first.certificate());
        assertProblem(
                new MutualTls(first.certificate(), first.key(), foreign.ca()),
                first.certificate() + " was not signed by the CA in " + foreign.ca());
        MutualTls old = ca.issue("old", -1);
        assertProblem(old, old.certificate() + " expired on ");
        assertEquals(Set.of("n1", "127.0.0.1"), first.names());
    }

    private static void assertProblem(MutualTls files, String part) {
        var problem = assertThrows(CertificateUnusable.class, () -> TcpNetwork.open(files, TestPeer.PING));
        assertTrue(String.valueOf(problem.getMessage()).contains(part), problem.getMessage());
    }

    /** A stranger does not care who answers. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
