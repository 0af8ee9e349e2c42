package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says whose directory this is: a vote or an event of another node, or of another cluster, would break the journal's
 * promises silently. A file of three lines: format, node, members with their addresses.
 */
final class Identity {
    private static final String FILE = "identity";

    private Identity() {}

    /**
     * Creates the directory, or checks that it is this node's.
     *
     * @throws JournalUnusable if it cannot be used
     */
    static void claim(RaftSettings settings) {
        Path directory = settings.directory();
        String wanted = "format 1\nnode " + settings.self() + "\nmembers " + members(settings.members()) + "\n";
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(FILE);
            if (Files.exists(file)) {
                check(directory, Files.readString(file, UTF_8), wanted);
            } else {
                checkEmpty(directory);
                write(directory, file, wanted);
            }
            Files.createDirectories(directory.resolve("raft"));
            Files.createDirectories(directory.resolve("events"));
        } catch (IOException e) {
            throw new JournalUnusable(
                    "The journal's directory " + directory + " (below antler.node.data-dir) cannot be used: " + e
                            + ". Create it, or give this user the right to write there.",
                    e);
        }
    }

    private static String members(Map<NodeId, InetSocketAddress> members) {
        return members.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(member -> member.getKey() + "="
                        + member.getValue().getAddress().getHostAddress() + ":"
                        + member.getValue().getPort())
                .collect(Collectors.joining(" "));
    }

    private static void check(Path directory, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new JournalUnusable(
                    "The journal in " + directory + " is another one.\nThere:\n" + found.indent(2) + "Configured:\n"
                            + wanted.indent(2)
                            + "Set antler.node.id, antler.nodes and antler.ports.first as there, or give this node its own"
                            + " antler.node.data-dir. Members and addresses of a journal cannot be changed yet.",
                    null);
        }
    }

    private static void checkEmpty(Path directory) throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            if (content.anyMatch(path -> !path.getFileName().toString().startsWith(FILE))) {
                throw new JournalUnusable(
                        "The directory " + directory + " has content but no file \"" + FILE + "\", so it is not known"
                                + " whose journal it is. Only while every other node is up and none lags, move it aside and start"
                                + " again: this node then copies the journal from the others. Never while another one is down.",
                        null);
            }
        }
    }

    private static void write(Path directory, Path file, String content) throws IOException {
        Path beside = directory.resolve(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
