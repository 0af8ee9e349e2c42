package io.antler.metalogger.alone;

import io.antler.lab.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code antler metalogger} as a process of its own, with small files and fast checks. */
final class MetaloggerProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private MetaloggerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param directory for its configuration and log; it stores in {@code kept} below */
    static MetaloggerProcess start(Path directory, InetSocketAddress changes, InetSocketAddress clients)
            throws IOException {
        Path config = Files.writeString(directory.resolve("metalogger.conf"), """
                antler.metalogger {
                  alone { client-port = %d, http.port = null }
                  archive {
                    changelog-size = 1 MiB
                    images.check-interval = 100 ms
                    keep { hourly = 1, daily = 0, weekly = 0, count = 3 }
                    compress { enabled = true, plain-images = 1 }
                  }
                }
                """.formatted(clients.getPort()));
        Path log = directory.resolve("metalogger.log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx192m",
                        "-Dlogback.configurationFile=conf/logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.antler.cli.Antler",
                        "metalogger",
                        "--master",
                        "127.0.0.1:" + changes.getPort(),
                        "--to",
                        directory.resolve("kept").toString(),
                        "--config",
                        config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var metalogger = new MetaloggerProcess(process, log);
        Await.until(
                "the metalogger started",
                () -> !process.isAlive() || metalogger.log().contains("started on"));
        return metalogger;
    }

    /** As {@code kill -9}: returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM. */
    int stop() throws InterruptedException {
        process.destroy();
        await();
        return process.exitValue();
    }

    int await() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the metalogger still runs");
        }
        return process.exitValue();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
