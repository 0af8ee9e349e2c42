package io.antler.bench;

import io.antler.bench.raw.RawNode;
import io.antler.journal.transport.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the JVMs of one side of the comparison run, and with which classes. */
record Side(String name, String program, String classPath, List<String> flags) {
    Side {
        flags = List.copyOf(flags);
    }

    private static final String OURS = "io/antler/";
    private static final String BOLT = "com/alipay/remoting/";
    private static final String LOGBACK = String.valueOf(Side.class.getResource("logback.xml"));

    /** The journal, without Bolt, so that its own transport is all there is. */
    static Side journal() {
        return journal("journal", List.of());
    }

    /**
     * The journal with mutual TLS.
     *
     * @param directory where the certificates are made
     */
    static Side secured(Path directory, List<String> nodes) {
        var certificates = new TestCertificates(directory, "certificates");
        nodes.forEach(certificates::issue);
        return journal("secured", List.of("-D" + JournalNode.CERTIFICATES + "=" + certificates.file("")));
    }

    private static Side journal(String name, List<String> flags) {
        return new Side(name, JournalNode.class.getName(), join(entries().filter(entry -> !holds(entry, BOLT))), flags);
    }

    /**
     * JRaft over Bolt, without any class of Antler but those of its own package.
     *
     * @param directory where these are copied to
     */
    static Side raw(Path directory) {
        Path classes = directory.resolve("raw-classes");
        String folder = RawNode.class.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(ownClasses().resolve(folder))) {
            Files.createDirectories(classes.resolve(folder));
            for (Path file : files.toList()) {
                Files.copy(file, classes.resolve(folder).resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Side(
                "raw",
                RawNode.class.getName(),
                join(Stream.concat(Stream.of(classes.toString()), entries().filter(entry -> !holds(entry, OURS)))),
                List.of());
    }

    private static Path ownClasses() {
        try {
            return Path.of(RawNode.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<String> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Files.exists(Path.of(entry)));
    }

    private static String join(Stream<String> entries) {
        return entries.collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean holds(String entry, String folder) {
        Path path = Path.of(entry);
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(folder));
        }
        try (var jar = new JarFile(path.toFile())) {
            return jar.stream().anyMatch(file -> file.getName().startsWith(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(entry + " is not a jar", e);
        }
    }

    /** The same flags on all sides: those of {@code antler node}; then what is a side's own. */
    List<String> command(List<String> arguments) {
        return Stream.of(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseZGC",
                                "-XX:+UseCompactObjectHeaders",
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dsofa.middleware.log.disable=true", // else Bolt makes log files below the home
                                // directory
                                "-Dlogback.configurationFile=" + LOGBACK),
                        flags,
                        List.of("-cp", classPath, program),
                        arguments)
                .flatMap(List::stream)
                .toList();
    }
}
