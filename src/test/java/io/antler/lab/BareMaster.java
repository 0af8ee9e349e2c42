package io.antler.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A stock {@code mfsmaster} as most people run it: alone, and the address its clients know is fixed on its host. */
final class BareMaster {
    private static final Duration START = Duration.ofSeconds(60);

    private BareMaster() {}

    static Program start(Host host, String address) {
        var settings = MasterSettings.write(host);
        settings.newFileSystem();
        host.run("ip", "address", "add", address + "/24", "dev", "eth0");
        return start(host, settings);
    }

    /** On what its data directory has. */
    static Program start(Host host, MasterSettings settings, String... options) {
        List<String> command =
                new ArrayList<>(List.of("mfsmaster", "-f", "-c", settings.file().toString()));
        command.addAll(List.of(options));
        command.add("start");
        return host.start("mfsmaster", command)
                .awaitReady(START, "listens", () -> host.run("ss", "-Hltn", "sport = :9421")
                        .contains(":9421"));
    }
}
