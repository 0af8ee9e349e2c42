package io.antler.cli;

import io.antler.master.orphans.OrphanSet;
import io.antler.monitor.ClusterStatus;
import io.antler.monitor.PushedConfiguration;
import io.antler.node.NodeSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/** Asks one node over HTTP. */
record NodeClient(String host, int port) {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration CHANGE = Duration.ofSeconds(60); // a node's own limits end before
    private static final Duration ANSWER = Duration.ofSeconds(10);

    static NodeClient of(NodeSettings.Member node, NodeSettings.Ports ports) {
        return new NodeClient(node.address(), ports.http());
    }

    /** @throws CommandFailed if there is no usable answer */
    ClusterStatus cluster() {
        HttpResponse<String> answer =
                send(request("/antler/cluster").timeout(ANSWER).GET().build());
        return switch (answer.statusCode()) {
            case 200 -> parse(answer.body());
            case 404 -> throw noNode();
            default -> throw new CommandFailed(this + " does not know the cluster: " + oneLine(answer));
        };
    }

    private ClusterStatus parse(String body) {
        try {
            return ClusterStatus.fromJson(body);
        } catch (UncheckedIOException e) {
            throw noNode(); // what the parser disliked about a foreign page helps nobody
        }
    }

    private CommandFailed noNode() {
        return new CommandFailed(this + " answered something else than an Antler node does. Is this its HTTP port"
                + " (antler.ports.first plus 2)?");
    }

    /** The value of a metric without labels, if the node has it. */
    OptionalDouble metric(String name) {
        HttpResponse<String> answer =
                send(request("/metrics").timeout(ANSWER).GET().build());
        try {
            return answer.body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                    .findFirst();
        } catch (NumberFormatException foreign) {
            throw noNode();
        }
    }

    /** Waits as long as it takes: a large image is copied to every node. */
    String adopt() {
        return post(request("/antler/adopt"));
    }

    /** Returns when the journal has that node's configuration of the master. */
    PushedConfiguration pushConfiguration() {
        try {
            return PushedConfiguration.fromJson(post("/antler/config"));
        } catch (UncheckedIOException e) {
            throw noNode();
        }
    }

    String remove(String node) {
        return post("/antler/remove/" + segment(node));
    }

    String leave() {
        return post("/antler/leave");
    }

    String cancelLeave() {
        return post("/antler/leave/cancel");
    }

    String dismissOrphans(String id) {
        return post("/antler/orphans/" + segment(id) + "/dismiss");
    }

    List<OrphanSet> orphans() {
        HttpResponse<String> answer =
                send(request("/antler/orphans").timeout(ANSWER).GET().build());
        if (answer.statusCode() != 200) {
            throw new CommandFailed(this + " does not tell of orphans: " + oneLine(answer));
        }
        try {
            return OrphanSet.listFromJson(answer.body());
        } catch (UncheckedIOException e) {
            throw noNode();
        }
    }

    /** Reads what a node sends. */
    interface Reading {
        void read(InputStream in) throws IOException;
    }

    /** As lines of a changelog. */
    void orphanChanges(String id, Reading reading) throws IOException {
        HttpRequest request =
                request("/antler/orphans/" + segment(id) + "/changes").GET().build();
        try (HttpClient client = client()) {
            HttpResponse<InputStream> answer = send(client, request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new CommandFailed(this + " has no changes of " + id + ": HTTP status " + answer.statusCode());
                }
                reading.read(body);
            }
        }
    }

    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private String post(String path) {
        return post(request(path).timeout(CHANGE));
    }

    private String post(HttpRequest.Builder request) {
        HttpResponse<String> answer = send(request.POST(BodyPublishers.noBody()).build());
        if (answer.statusCode() != 200) {
            throw new CommandFailed(oneLine(answer));
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + this + path));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try (HttpClient client = client()) {
            return send(client, request, BodyHandlers.ofString());
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    private <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (HttpTimeoutException | ConnectException e) {
            throw new CommandFailed(this + " does not answer. Is antler node running there?");
        } catch (IOException e) {
            throw new CommandFailed(this + " broke off: " + e.getMessage() + ". Its log says why");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(this + " was not waited for: interrupted");
        }
    }

    private static String oneLine(HttpResponse<String> answer) {
        String text = answer.body().strip().replaceAll("\\s*\\R\\s*", " ");
        return text.isEmpty() ? "HTTP status " + answer.statusCode() : text;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
