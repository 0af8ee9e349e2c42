package io.antler.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A network namespace for one test, gone when it is closed. Its name begins with the test's own prefix. */
public final class NetworkNamespace implements AutoCloseable {
    private final String name;

    public NetworkNamespace(String prefix) {
        name = prefix + "-" + ProcessHandle.current().pid();
        Shell.run("ip", "netns", "add", name);
        run("ip link set lo up");
    }

    /** Joins this one and the other by a cable; each end has its namespace's interface name. */
    public void cable(String nameHere, NetworkNamespace other, String nameThere) {
        run("ip link add " + nameHere + " type veth peer name " + nameThere + " netns " + other.name);
        run("ip link set " + nameHere + " up");
        other.run("ip link set " + nameThere + " up");
    }

    /** The words before a command that make it run inside. */
    public List<String> entering() {
        return Namespace.entering(name, List.of());
    }

    /** @param words separated by spaces */
    public String run(String words) {
        return Namespace.run(name, words.split(" ", -1)).strip();
    }

    /** A JVM inside, with the class path of this one. */
    public ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(entering());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    @Override
    public void close() {
        Shell.run("ip", "netns", "delete", name);
    }
}
