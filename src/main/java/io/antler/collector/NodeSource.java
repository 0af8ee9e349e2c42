package io.antler.collector;

import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A node or metalogger over HTTP: its replica of the journal, its checkpoints, and the directories it is configured to give. */
final class NodeSource {
    private static final int CONNECT = (int) Duration.ofSeconds(3).toMillis();
    /** Without a byte. */
    private static final int SILENCE = (int) Duration.ofSeconds(60).toMillis();
    /** Of the listing. */
    private static final int MOST_BYTES = 64 << 20;

    private static final String JOURNAL = "journal";

    private final String address;
    private final SourceBuilder source;

    private NodeSource(Place.Node node) {
        this.address = "http://" + node.name();
        this.source = new SourceBuilder(node.name());
    }

    /** @throws SourceUnusable if it is required and does not answer */
    static Source scan(Place.Node place, long from) throws SourceUnusable {
        return scan(place, from, true);
    }

    /** As above, without the directories of its machine. */
    static Source scan(Place.Journal place, long from) throws SourceUnusable {
        return scan(place.node(), from, false);
    }

    private static Source scan(Place.Node place, long from, boolean filesToo) throws SourceUnusable {
        var node = new NodeSource(place);
        try {
            NodeListing listing = node.listing();
            node.addOwn(listing, from);
            if (filesToo) {
                node.addFiles(listing, from);
            }
        } catch (IOException failure) {
            String problem = place.name() + " gives no changes: " + failure;
            if (place.required()) {
                throw new SourceUnusable(
                        problem
                                + ". Is this the HTTP port of a node or metalogger that runs (antler.ports.first plus 2)?",
                        failure);
            }
            node.source.badImage(problem);
        }
        return node.source.build();
    }

    private NodeListing listing() throws IOException {
        try (InputStream in = open("/antler/history")) {
            byte[] json = in.readNBytes(MOST_BYTES);
            if (in.read() >= 0) {
                throw new IOException("its listing has more than " + MOST_BYTES + " bytes");
            }
            return NodeListing.fromJson(json);
        }
    }

    private void addOwn(NodeListing listing, long from) {
        if (listing.journal()) {
            String path = "/antler/changes/" + from;
            source.changelog(address + path, JOURNAL, Optional.empty(), () -> open(path));
        }
        for (NodeListing.Checkpoint checkpoint : listing.checkpoints()) {
            addImage("/antler/checkpoint/" + checkpoint.version(), checkpoint.version(), checkpoint.metadataId());
        }
    }

    private void addFiles(NodeListing listing, long from) {
        for (NodeListing.File file : listing.files()) {
            String path = "/antler/file/" + file.directory() + "/"
                    + URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
            Optional<String> family = FileNames.family(file.name());
            if (family.isPresent()) {
                String end = from == 0 ? path : path + "?from=" + from;
                source.changelog(
                        address + end, file.directory() + "/" + family.get(), Optional.empty(), () -> open(end));
            } else if (file.version() != null && file.metadataId() != null) {
                addImage(path, file.version(), file.metadataId());
            } else {
                source.image(address + path, Optional.empty(), () -> open(path));
            }
        }
    }

    /** Whether it is complete shows when it is copied. */
    private void addImage(String path, long version, String metadataId) {
        try {
            MetadataId id = MetadataId.parse(metadataId);
            var header = new ImageHeader(version, id, id.isNone(), 0);
            source.image(new ImageFile(source.name(), address + path, header, Optional.empty(), () -> open(path)));
        } catch (IllegalArgumentException bad) {
            source.badImage(address + path + " is not used: " + bad.getMessage());
        }
    }

    private InputStream open(String path) throws IOException {
        var connection = (HttpURLConnection) URI.create(address + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT);
        connection.setReadTimeout(SILENCE);
        connection.setInstanceFollowRedirects(false);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(address + path + " is answered with " + connection.getResponseCode());
            }
            return connection.getInputStream();
        } catch (FileNotFoundException none) {
            throw new IOException(address + path + " does not exist", none);
        }
    }
}
