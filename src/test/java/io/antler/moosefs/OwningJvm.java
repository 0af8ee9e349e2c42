package io.antler.moosefs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts a shell on a tether, prints its process number, and lives until it is killed. */
final class OwningJvm {
    private OwningJvm() {}

    public static void main(String[] args) throws Exception {
        StockProcess process = StockProcess.start(Path.of(args[0]), List.of("/bin/bash", "-c", args[2]), line -> {});
        process.grant(Duration.parse(args[1]));
        System.out.println(process.pid());
        Thread.currentThread().join();
    }
}
