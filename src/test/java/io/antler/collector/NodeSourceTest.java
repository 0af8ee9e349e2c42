package io.antler.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that answer as they should not; {@code HttpApiTest} has one that does. */
class NodeSourceTest {
    private static final String ID = "6B033F33BF7C765B";
    private static final byte[] IMAGE = TestImage.of(5, MetadataId.parse(ID), 50);

    private final HttpServer server;
    private final String address;

    NodeSourceTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        address =
                server.getAddress().getHostString() + ":" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** @param announced bytes; more than there are: it breaks off */
    private void answer(String path, byte[] content, int announced) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, announced);
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().flush();
            exchange.close();
        });
    }

    private void answer(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        answer(path, bytes, bytes.length);
    }

    private static void listing(NodeSourceTest test, boolean journal, NodeListing.Checkpoint... checkpoints) {
        test.answer("/antler/history", new NodeListing(journal, List.of(checkpoints), List.of()).toJson());
    }

    private Place node(boolean required) {
        return new Place.Node(
                server.getAddress().getHostString(), server.getAddress().getPort(), required);
    }

    private Sources scan() throws IOException {
        return Sources.scan(List.of(node(true)));
    }

    @Test
    void aJournalThatBreaksOffIsUsedUpToThereAndTold() throws IOException {
        listing(this, true, new NodeListing.Checkpoint(5, ID));
        byte[] lines = Told.lines(5, 20).getBytes(StandardCharsets.ISO_8859_1);
        answer("/antler/changes/0", lines, lines.length + 100);

        Collection collection = Collection.look(scan());

        assertEquals(20, collection.reached());
        assertEquals(1, collection.beyond().size(), collection.toString());
        assertTrue(
                collection.beyond().getFirst().toString().startsWith("http://" + address + "/antler/changes/0, byte "),
                collection.toString());
    }

    /** An operator's directory may hold what a deposed master alone had. */
    @Test
    void ofAJournalTheDirectoriesOfTheMachineAreLeftOut() throws IOException {
        var deposed = new NodeListing.File(0, "changelog.0.mfs", "/d/changelog.0.mfs", null, null);
        answer(
                "/antler/history",
                new NodeListing(true, List.of(new NodeListing.Checkpoint(5, ID)), List.of(deposed)).toJson());
        answer("/antler/changes/0", Told.lines(5, 20));
        answer("/antler/file/0/changelog.0.mfs", Told.lines(5, 19) + "19: 1700009999|UNLINK(1,other):19\n");

        Sources all = scan();
        Sources journal = Sources.scan(List.of(new Place.Journal((Place.Node) node(true))));

        assertEquals(19, Collection.look(all).reached());
        assertEquals(20, Collection.look(journal).reached());
    }

    @Test
    void anImageThatBreaksOffMakesNothing(@TempDir Path directory) throws IOException {
        listing(this, false, new NodeListing.Checkpoint(5, ID));
        answer("/antler/checkpoint/5", Arrays.copyOf(IMAGE, 100), IMAGE.length);

        Sources sources = scan();
        var unusable = assertThrows(SourceUnusable.class, () -> Collection.write(sources, directory.resolve("to")));

        assertTrue(unusable.toString().contains("/antler/checkpoint/5 could not be copied"), unusable.toString());
        try (Stream<Path> left = java.nio.file.Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void anImageOfAnotherVersionThanToldIsNotUsed(@TempDir Path directory) throws IOException {
        listing(this, false, new NodeListing.Checkpoint(6, ID));
        answer("/antler/checkpoint/6", IMAGE, IMAGE.length);

        Sources sources = scan();
        var unusable = assertThrows(SourceUnusable.class, () -> Collection.write(sources, directory.resolve("to")));

        assertTrue(unusable.toString().contains("it is of version 5 now"), unusable.toString());
    }

    @Test
    void whatIsNoNodeIsNamed() {
        for (String body : List.of("", "hello", "[]", "{\"journal\":true}", "{\"journal\":1,\"checkpoints\":[7]}")) {
            answer("/antler/history", body);

            var unusable = assertThrows(SourceUnusable.class, this::scan, body);

            assertTrue(unusable.toString().contains(address + " gives no changes"), unusable.toString());
            server.removeContext("/antler/history");
        }
    }

    @Test
    void oneOfManyThatDoesNotAnswerIsToldAndLeftOut() throws IOException {
        stop();

        Sources sources = Sources.scan(List.of(node(false)));

        assertEquals(List.of(), sources.images());
        assertTrue(
                sources.all().getFirst().badImages().getFirst().startsWith(address + " gives no changes"),
                sources.toString());
    }

    @Test
    void aMetadataIdThatIsNoneIsTold() throws IOException {
        listing(this, false, new NodeListing.Checkpoint(5, "7"));

        assertTrue(scan().all().getFirst().badImages().getFirst().contains("16 hexadecimal digits"));
    }
}
