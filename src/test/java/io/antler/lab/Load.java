package io.antler.lab;

import io.antler.lab.Operation.Outcome;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A steady load on a mount: some clients, each of which creates empty files with increasing numbers in a directory of
 * its own, one after the other.
 */
final class Load {
    private final Instant from = Instant.now();
    private final List<Client> clients;
    private volatile boolean stopped;

    private Load(List<Client> clients) {
        this.clients = clients;
    }

    /**
     * @param clients at most ten of one mount are under way at once, the mount's own limit
     * @param perSecond of all clients together
     * @param limit after so many files of each client it ends by itself
     */
    record Rate(int clients, int perSecond, int limit) {
        static final Rate STEADY = new Rate(4, 200, 20_000);

        Duration interval() {
            return Duration.ofSeconds(1).multipliedBy(clients).dividedBy(perSecond);
        }
    }

    /** @param directory made here; on a mount */
    static Load start(Path directory, Rate rate) {
        List<Path> directories = IntStream.range(0, rate.clients())
                .mapToObj(number -> directory.resolve("client" + number))
                .toList();
        Await.bounded(Duration.ofSeconds(30), "making " + directory, () -> {
            for (Path each : directories) {
                Files.createDirectories(each);
            }
            return true;
        });
        var load = new Load(directories.stream().map(Client::new).toList());
        load.clients.forEach(client ->
                Thread.ofPlatform().daemon().name(client.directory.toString()).start(() -> load.run(client, rate)));
        return load;
    }

    /** What has happened until now; operations under way are not known. */
    Ledger ledger() {
        return new Ledger(
                from,
                Instant.now(),
                clients.stream().flatMap(Client::operations).toList());
    }

    /** Waits until an operation begun after that instant is acknowledged. */
    Instant awaitServed(Instant after, Duration limit) {
        return Await.until(
                limit, "an operation begun and acknowledged after " + after, () -> ledger().firstServedAfter(after));
    }

    /**
     * No new operations; those under way have so long to end. What hangs longer stays not known; its thread ends when
     * its mount does.
     */
    Ledger stop(Duration patience) {
        stopped = true;
        Await.holdsWithin(patience, () -> clients.stream().allMatch(Client::idle));
        return ledger();
    }

    private void run(Client client, Rate rate) {
        long next = System.nanoTime();
        for (int number = 0; number < rate.limit() && !stopped; number++) {
            client.create(number);
            next = Math.max(
                    next + rate.interval().toNanos(),
                    System.nanoTime() - rate.interval().toNanos());
            long early = next - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
        }
    }

    private static final class Client {
        private final Path directory;
        private final List<Operation> done = new ArrayList<>();
        private @Nullable Operation underWay;

        Client(Path directory) {
            this.directory = directory;
        }

        void create(int number) {
            Path file = directory.resolve("f%06d".formatted(number));
            String name = directory.getFileName() + "/" + file.getFileName();
            Instant begin = Instant.now();
            begin(new Operation(name, begin, null, Outcome.NOT_KNOWN));
            Outcome outcome = outcomeOf(file);
            end(new Operation(name, begin, Instant.now(), outcome));
        }

        private static Outcome outcomeOf(Path file) {
            try {
                Files.createFile(file);
                return Outcome.ACKNOWLEDGED;
            } catch (FileAlreadyExistsException _) {
                return Outcome.ACKNOWLEDGED_BY_RETRY;
            } catch (NoSuchFileException | AccessDeniedException _) {
                return Outcome.FAILED;
            } catch (IOException _) {
                return Outcome.NOT_KNOWN; // an input/output error after many retries: some of them may have arrived
            }
        }

        private synchronized void begin(Operation operation) {
            underWay = operation;
        }

        private synchronized void end(Operation operation) {
            underWay = null;
            done.add(operation);
        }

        synchronized boolean idle() {
            return underWay == null;
        }

        synchronized Stream<Operation> operations() {
            return Stream.concat(List.copyOf(done).stream(), Stream.ofNullable(underWay));
        }
    }
}
