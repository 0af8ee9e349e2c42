package io.antler.gate;

import akka.Done;
import io.antler.kernel.CommandFailed;
import io.antler.kernel.SystemCommand;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * {@link Door} by a table of nftables of its own, which no other program has a reason to touch. One run of {@code nft}
 * is one transaction: there is no moment between the old table and the new one.
 *
 * <p>{@code flush ruleset} by somebody else opens the door; the node does not notice yet.
 */
public final class NftDoor implements Door {
    private static final String TABLE = "antler_door";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** {@code delete} alone fails when there is none, {@code destroy} is newer than Debian 12. */
    private static final String NO_TABLE = "table ip %1$s\ndelete table ip %1$s\n".formatted(TABLE);

    private static final String CHAIN = """
            table ip %s {
              chain input {
                type filter hook input priority filter; policy accept;
                %s
              }
            }
            """;

    private final SystemCommand command;
    private final Set<Integer> ports;
    private final Executor blocking;

    /**
     * @param prefix words before {@code nft}, to run it in another network namespace; mostly none
     * @param ports TCP ports of {@code mfsmaster}
     * @param blocking one thread, so that calls keep their order; lent
     */
    public NftDoor(List<String> prefix, Set<Integer> ports, Executor blocking) {
        this.command = new SystemCommand(prefix, TIMEOUT);
        this.ports = new TreeSet<>(ports);
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Done> shut() {
        String list = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return nft("shut", NO_TABLE + CHAIN.formatted(TABLE, "iifname != \"lo\" tcp dport { " + list + " } drop"));
    }

    @Override
    public CompletionStage<Done> open() {
        return nft("opened", NO_TABLE + CHAIN.formatted(TABLE, ""));
    }

    @Override
    public CompletionStage<Done> remove() {
        return nft("removed", NO_TABLE);
    }

    @Override
    public CompletionStage<Boolean> removeLeftover() {
        return CompletableFuture.supplyAsync(
                () -> {
                    boolean left = run("looked at", List.of("nft", "list", "tables", "ip"), "")
                            .lines()
                            .anyMatch(("table ip " + TABLE)::equals);
                    run("removed", List.of("nft", "-f", "-"), NO_TABLE);
                    return left;
                },
                blocking);
    }

    private CompletionStage<Done> nft(String wish, String rules) {
        return CompletableFuture.supplyAsync(
                () -> {
                    run(wish, List.of("nft", "-f", "-"), rules);
                    return Done.getInstance();
                },
                blocking);
    }

    private String run(String wish, List<String> words, String input) {
        try {
            return command.run(words, input);
        } catch (CommandFailed failure) {
            throw new DoorUnusable(wish, ports, failure);
        }
    }
}
