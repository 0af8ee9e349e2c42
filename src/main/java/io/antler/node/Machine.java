package io.antler.node;

import io.antler.vip.VipSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whether this machine has what the settings name. Only looks; changes nothing. */
public final class Machine {
    private Machine() {}

    /** What a node cannot start with, a sentence each; empty if all is well. */
    public static List<String> problems(NodeSettings settings) {
        var problems = new ArrayList<String>();
        if (settings.kind().canBeMaster()) {
            program(settings.master().program(), problems);
            masterConfig(settings.master().config(), problems);
        }
        dataDir(settings.dataDir(), problems);
        try {
            network(settings, problems);
        } catch (IOException e) {
            problems.add("Cannot read this machine's network interfaces: " + e.getMessage());
        }
        return List.copyOf(problems);
    }

    private static void program(Path program, List<String> problems) {
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            problems.add("antler.master.program = " + program + ": " + why(program, "not an executable file")
                    + ". Install the package moosefs-master, or name the program that is there");
        }
    }

    private static void masterConfig(Path config, List<String> problems) {
        if (!Files.isRegularFile(config) || !Files.isReadable(config)) {
            problems.add("antler.master.config = " + config + ": " + why(config, "not a readable file")
                    + ". Name the mfsmaster.cfg of this machine; the same settings are needed on every node");
        }
    }

    private static void dataDir(Path dataDir, List<String> problems) {
        Path existing = existing(dataDir);
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            problems.add(
                    "antler.node.data-dir = " + dataDir + ": " + existing
                            + " is not a directory that this user may write to. Run the node as root, or choose another directory");
        }
    }

    /** The directory, or the nearest one above it that exists. */
    static Path existing(Path directory) {
        Path existing = directory;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static void network(NodeSettings settings, List<String> problems) throws IOException {
        List<String> names = VipSettings.existingInterfaces();
        if (settings.kind().canBeMaster() && !names.contains(settings.vip().device())) {
            problems.add("antler.vip.interface = " + settings.vip().device() + ": no such interface. This machine has "
                    + names);
        }
        InetAddress address = InetAddress.ofLiteral(settings.self().address());
        if (!address.isLoopbackAddress() && NetworkInterface.getByInetAddress(address) == null) {
            problems.add(
                    "antler.nodes says that " + settings.self().id() + " has "
                            + settings.self().address()
                            + ", but this machine has no such address. Correct antler.nodes or antler.node.id, or bring the interface up");
            return;
        }
        ports(settings).forEach(port -> {
            if (!free(address, port)) {
                problems.add("Port " + port + " of " + settings.self().address()
                        + " is in use (antler.ports.first, antler.jmx.port). Is another antler node running? See: ss -ltnp sport = "
                        + port);
            }
        });
    }

    private static IntStream ports(NodeSettings settings) {
        IntStream own =
                IntStream.rangeClosed(settings.ports().raft(), settings.ports().http());
        return IntStream.concat(own, Stream.ofNullable(settings.jmxPort()).mapToInt(Integer::intValue));
    }

    private static boolean free(InetAddress address, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false; // whatever the reason, the node could not bind it either
        }
    }

    private static String why(Path path, String otherwise) {
        return Files.exists(path) ? otherwise : "no such file";
    }
}
