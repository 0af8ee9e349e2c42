package io.antler.restore;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts a standby, prints its process number when its read is held, and lives until it is killed. */
final class StandbyJvm {
    private StandbyJvm() {}

    public static void main(String[] args) throws Exception {
        var settings =
                new StandbySettings(StockMaster.PROGRAM, Path.of(args[0]), Path.of(args[1]), "mfs", Optional.empty());
        HotStandby standby =
                HotStandby.start(settings, Path.of(args[2]), Long.parseLong(args[3]), new HotStandby.Listener() {
                    @Override
                    public void loaded() {}

                    @Override
                    public void ended(int exit, List<String> lastLines) {
                        System.out.println("ended " + exit + " " + lastLines);
                    }
                });
        StockMaster.eventually(standby::caughtUp);
        System.out.println(standby.process().pid());
        Thread.currentThread().join();
    }
}
