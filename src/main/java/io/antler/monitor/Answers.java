package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.extractRequest;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the routes of this package have in common. */
final class Answers {
    private Answers() {}

    static <T> CompletionStage<HttpResponse> answer(
            CompletionStage<T> result, Function<T, HttpResponse> success, StatusCode failure) {
        return result.thenApply(success).exceptionally(e -> text(failure, reason(e)));
    }

    /** For what changes something: a sentence for the operator, or 409 with the reason. */
    static CompletionStage<HttpResponse> sentence(CompletionStage<String> result) {
        return answer(result, text -> text(StatusCodes.OK, text), StatusCodes.CONFLICT);
    }

    static HttpResponse json(String json) {
        return HttpResponse.create().withEntity(ContentTypes.APPLICATION_JSON, json + "\n");
    }

    static HttpResponse text(StatusCode status, String text) {
        return HttpResponse.create().withStatus(status).withEntity(ContentTypes.TEXT_PLAIN_UTF8, text + "\n");
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** @param refusal for whoever asks from another machine */
    static Route fromThisMachine(String refusal, Supplier<Route> inner) {
        return extractRequest(
                request -> isFromThisMachine(request) ? inner.get() : complete(StatusCodes.FORBIDDEN, refusal + "\n"));
    }

    /** By the connection's peer, not by a header that anybody can write. */
    private static boolean isFromThisMachine(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .filter(Answers::isOwn)
                .isPresent();
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
