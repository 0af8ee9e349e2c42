package io.antler.cli;

import io.antler.monitor.ClusterStatus;
import io.antler.node.NodeSettings;
import java.io.IOException;
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

/** Asks one node over HTTP. */
record NodeClient(String host, int port) {
    private static final Duration CONNECT = Duration.ofSeconds(2);
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

    /** Waits as long as it takes: a large image is copied to every node. */
    String adopt() {
        HttpResponse<String> answer =
                send(request("/antler/adopt").POST(BodyPublishers.noBody()).build());
        if (answer.statusCode() != 200) {
            throw new CommandFailed(oneLine(answer));
        }
        return answer.body();
    }

    String remove(String node) {
        HttpResponse<String> answer = send(request("/antler/remove/" + URLEncoder.encode(node, StandardCharsets.UTF_8))
                .POST(BodyPublishers.noBody())
                .build());
        if (answer.statusCode() != 200) {
            throw new CommandFailed(oneLine(answer));
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + this + path));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            return client.send(request, BodyHandlers.ofString());
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
