package io.antler.journal.transport;

import io.antler.journal.transport.Security.MutualTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A CA of a test's own and what it signs, made with openssl. */
public final class TestCertificates {
    private static final String RSA = "-newkey rsa:2048 -nodes";

    private final Path directory;

    public TestCertificates(Path directory, String ca) {
        this.directory = directory.resolve(ca);
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        openssl("req -x509 " + RSA + " -keyout ca.key -out ca.crt -days 30 -subj /CN=" + ca);
    }

    public MutualTls issue(String node) {
        return issue(node, 30);
    }

    /** @param days negative: it expired then */
    public MutualTls issue(String node, int days) {
        openssl("req " + RSA + " -keyout " + node + ".key -out " + node + ".csr -subj /CN=antler -addext"
                + " subjectAltName=DNS:" + node + ",IP:127.0.0.1");
        openssl("x509 -req -in " + node + ".csr -CA ca.crt -CAkey ca.key -copy_extensions copy -days " + days + " -out "
                + node + ".crt");
        return new MutualTls(file(node + ".crt"), file(node + ".key"), file("ca.crt"));
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    private void openssl(String arguments) {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command + ": " + output);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
