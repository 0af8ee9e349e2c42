package io.antler.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The commands as {@code bin/antler} runs them, in this process. */
public final class Commands {
    private Commands() {}

    /** As {@code bin/antler ARGUMENTS}. */
    public static void main(String[] arguments) {
        System.exit(run(
                new FileOutputStream(FileDescriptor.out),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** @return the exit code */
    public static int run(OutputStream out, PrintWriter err, String... arguments) {
        return Antler.run(new Terminal(out, StandardCharsets.UTF_8), err, (_, _) -> 0, arguments);
    }
}
