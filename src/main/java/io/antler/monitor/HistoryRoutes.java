package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.getFromFile;
import static akka.http.javadsl.server.Directives.parameterOptional;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.withoutRequestTimeout;
import static akka.http.javadsl.server.PathMatchers.integerSegment;
import static akka.http.javadsl.server.PathMatchers.longSegment;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.unmarshalling.StringUnmarshallers;
import akka.stream.javadsl.FileIO;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.antler.collector.NodeListing;
import io.antler.collector.TailReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * What {@code antler restore} and {@code antler changelog collect} ask of a node or a metalogger: {@code GET history},
 * {@code GET changes/VERSION}, {@code GET file/DIRECTORY/NAME}, with {@code ?from=VERSION} only the end of a changelog. Only reads; a file is given only if its name is that of an
 * image or changelog and it lies in a directory of the configuration.
 */
public final class HistoryRoutes {
    private static final int CHUNK = 1 << 16;

    private final Supplier<List<NodeListing.Checkpoint>> checkpoints;
    private final List<Path> directories;
    private final Optional<LongFunction<Source<ByteString, NotUsed>>> changes;
    private final Executor blocking;

    /**
     * @param directories whose files are given
     * @param changes lines of the replica of the journal from a version on, as in a changelog file; empty: there is none
     * @param blocking for reading directories
     */
    public HistoryRoutes(
            Supplier<List<NodeListing.Checkpoint>> checkpoints,
            List<Path> directories,
            Optional<LongFunction<Source<ByteString, NotUsed>>> changes,
            Executor blocking) {
        this.checkpoints = checkpoints;
        this.directories = List.copyOf(directories);
        this.changes = changes;
        this.blocking = blocking;
    }

    /** To be put below {@code /antler}. */
    public Route route() {
        return concat(
                path("history", () -> get(() -> completeWithFuture(listing()))),
                path(
                        segment("changes").slash(longSegment()),
                        version -> get(() -> withoutRequestTimeout(() -> complete(changes(version))))),
                path(
                        segment("file").slash(integerSegment()).slash(segment()),
                        (directory, name) -> get(() -> file(directory, name))));
    }

    private CompletionStage<HttpResponse> listing() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        var listing =
                                new NodeListing(changes.isPresent(), checkpoints.get(), NodeListing.list(directories));
                        return Answers.json(listing.toJson());
                    } catch (IOException failure) {
                        return Answers.text(
                                StatusCodes.INTERNAL_SERVER_ERROR,
                                "A directory of antler.collector.directories cannot be listed: " + failure);
                    }
                },
                blocking);
    }

    private HttpResponse changes(long version) {
        return changes.map(from -> HttpResponse.create()
                        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, from.apply(version))))
                .orElseGet(() -> Answers.text(StatusCodes.NOT_FOUND, "There is no journal here."));
    }

    private Route file(int directory, String name) {
        if (directory < 0
                || directory >= directories.size()
                || !NodeListing.isServed(directories.get(directory), name)) {
            return complete(StatusCodes.NOT_FOUND, "No such image or changelog here.\n");
        }
        Path file = directories.get(directory).resolve(name);
        return parameterOptional(
                StringUnmarshallers.LONG,
                "from",
                from -> from.isPresent()
                        ? completeWithFuture(end(file, from.get()))
                        : getFromFile(file.toFile(), ContentTypes.APPLICATION_OCTET_STREAM));
    }

    /** A changelog without most of what comes before that version; a whole line is the first. */
    private CompletionStage<HttpResponse> end(Path file, long version) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        var content = FileIO.fromPath(file, CHUNK, TailReader.offsetOf(file, version));
                        return HttpResponse.create()
                                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, content));
                    } catch (IOException failure) {
                        return Answers.text(StatusCodes.INTERNAL_SERVER_ERROR, String.valueOf(failure.getMessage()));
                    }
                },
                blocking);
    }
}
