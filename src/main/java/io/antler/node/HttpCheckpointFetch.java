package io.antler.node;

import io.antler.journal.Member;
import io.antler.journal.NodeId;
import io.antler.master.Mandate;
import io.antler.master.Surroundings;
import io.antler.metalogger.Checkpoints;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets the checkpoint that a mandate names from its holder, or from any other node that has it. */
final class HttpCheckpointFetch implements Surroundings.CheckpointFetch {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCheckpointFetch.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final NodeSettings settings;
    private final Roster roster;
    private final Checkpoints checkpoints;

    HttpCheckpointFetch(NodeSettings settings, Roster roster, Checkpoints checkpoints) {
        this.settings = settings;
        this.roster = roster;
        this.checkpoints = checkpoints;
    }

    @Override
    public void fetch(Mandate mandate) throws IOException, InterruptedException {
        NodeId holder = Objects.requireNonNull(mandate.checkpointHolder());
        String sha256 = Objects.requireNonNull(mandate.checkpointSha256());
        List<NodeId> sources = new ArrayList<>();
        sources.add(holder);
        roster.members().stream()
                .map(Member::node)
                .filter(id -> !id.equals(holder))
                .forEach(sources::add);
        List<String> failures = new ArrayList<>();
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        try {
            for (NodeId source : sources) {
                if (source.equals(settings.self().id())) {
                    continue;
                }
                try {
                    fetch(client, source, mandate.checkpointVersion(), sha256);
                    LOG.info("version={} checkpoint fetched from node={}", mandate.checkpointVersion(), source);
                    return;
                } catch (IOException failure) {
                    failures.add(source + ": " + failure.getMessage());
                }
            }
        } finally {
            client.shutdownNow(); // close() would wait for what hangs
        }
        throw new IOException(
                "no node gave the checkpoint of version " + mandate.checkpointVersion() + ": " + failures);
    }

    /** The timeout of a request would end with its headers; a holder may die in the middle of the body. */
    private static HttpResponse<Path> send(HttpClient client, HttpRequest request, Path target)
            throws IOException, InterruptedException {
        try {
            return client.sendAsync(request, HttpResponse.BodyHandlers.ofFile(target))
                    .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException("no image: " + failure, failure);
        }
    }

    private void fetch(HttpClient client, NodeId source, long version, String sha256)
            throws IOException, InterruptedException {
        String host = roster.hostOf(source).orElseThrow(() -> new IOException("not a member any more"));
        URI uri = URI.create("http://" + host + ":" + settings.ports().http() + "/antler/checkpoint/" + version);
        Path beside = Files.createTempFile(settings.dataDir(), "checkpoint", ".tmp");
        try {
            HttpResponse<Path> answer = send(client, HttpRequest.newBuilder(uri).build(), beside);
            if (answer.statusCode() != 200) {
                throw new IOException("it answered " + answer.statusCode());
            }
            checkpoints.add(beside, sha256);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
