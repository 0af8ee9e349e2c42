package io.antler.vip;

import akka.Done;
import io.antler.kernel.CommandFailed;
import io.antler.kernel.PacketSocket;
import io.antler.kernel.SystemCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address on an interface of this machine, with a lifetime (see {@link Lifetime}), by {@code ip address}; ARP over a
 * packet socket of our own.
 */
public final class LinuxVip implements VipProvider {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxVip.class);
    private static final int PROBES = 3; // one lost packet must not hide an owner

    /** Runs a program; what a test replaces. */
    @FunctionalInterface
    interface Runner {
        String run(List<String> command);
    }

    private final VipSettings settings;
    private final LongSupplier clock;
    private final Runner runner;
    private final PacketSocket.Opener sockets;
    private final Executor blocking;

    /**
     * @param clock {@code CLOCK_BOOTTIME} in nanoseconds
     * @param blocking one thread, so that calls keep their order; lent
     */
    public LinuxVip(VipSettings settings, LongSupplier clock, Executor blocking) {
        this(
                settings,
                clock,
                new SystemCommand(List.of(), settings.commandTimeout())::run,
                PacketSocket.ofKernel(),
                blocking);
    }

    LinuxVip(VipSettings settings, LongSupplier clock, Runner runner, PacketSocket.Opener sockets, Executor blocking) {
        this.settings = settings;
        this.clock = clock;
        this.runner = runner;
        this.sockets = sockets;
        this.blocking = blocking;
    }

    @Override
    public String description() {
        return "address=" + settings.address() + " interface=" + settings.interfaceName();
    }

    @Override
    public CompletionStage<Done> take(long leaseUntil) {
        return later(() -> {
            Addresses addresses = look();
            addresses.ours(settings); // "replace" would give a lifetime to somebody else's permanent address
            addresses.link(settings.interfaceName()).usable();
            return replace(leaseUntil);
        });
    }

    @Override
    public CompletionStage<Done> refresh(long leaseUntil) {
        return later(() -> replace(leaseUntil));
    }

    @Override
    public CompletionStage<Done> giveUp() {
        return later(() -> {
            if (look().isTaken(settings)) {
                try {
                    delete(settings.address().toString());
                } catch (CommandFailed failure) {
                    if (look().isTaken(settings)) { // else the kernel was faster
                        throw failure;
                    }
                }
            }
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<Boolean> removeLeftover() {
        return later(() -> {
            Optional<Addresses.Found> left = look().ours(settings);
            left.ifPresent(found -> {
                delete(found.entry().ip() + "/" + found.entry().prefixLength());
                LOG.info("address removed that an earlier process left behind: {}", description());
            });
            return left.isPresent();
        });
    }

    @Override
    public CompletionStage<Done> announce() {
        return later(() -> onTheWire((socket, own) -> {
            socket.send(Arp.announcingRequest(own, settings.address().ip()).frame());
            socket.send(Arp.announcingReply(own, settings.address().ip()).frame());
            return Done.getInstance();
        }));
    }

    @Override
    public CompletionStage<Optional<MacAddress>> probe() {
        return later(() -> onTheWire(this::probe));
    }

    private Optional<MacAddress> probe(PacketSocket socket, MacAddress own) throws IOException {
        byte[] question = Arp.probe(own, settings.address().ip()).frame();
        Duration share = settings.probeTimeout().dividedBy(PROBES);
        for (int sent = 0; sent < PROBES; sent++) {
            socket.send(question);
            Optional<MacAddress> owner = claimant(socket, own, share);
            if (owner.isPresent()) {
                return owner;
            }
        }
        return Optional.empty();
    }

    private Optional<MacAddress> claimant(PacketSocket socket, MacAddress own, Duration time) throws IOException {
        long end = clock.getAsLong() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - clock.getAsLong()) {
            Optional<MacAddress> owner = socket.receive(Duration.ofNanos(left).plusMillis(1)) // it counts in whole ms
                    .flatMap(Arp::parse)
                    .filter(arp -> arp.claims(settings.address().ip(), own))
                    .map(Arp::senderMac);
            if (owner.isPresent()) {
                return owner;
            }
        }
        return Optional.empty();
    }

    @FunctionalInterface
    private interface Talk<T> {
        T with(PacketSocket socket, MacAddress own) throws IOException;
    }

    private <T> T onTheWire(Talk<T> talk) {
        Addresses.Link link = look().link(settings.interfaceName()).usable();
        try (PacketSocket socket = sockets.open(link.index())) {
            return talk.with(socket, MacAddress.parse(link.mac()));
        } catch (IOException failure) {
            throw new VipUnusable("no ARP on interface " + link.name() + ": " + failure.getMessage());
        }
    }

    private Addresses look() {
        return Addresses.parse(runner.run(List.of("ip", "-j", "address", "show")));
    }

    private Done replace(long leaseUntil) {
        String seconds = Long.toString(Lifetime.seconds(leaseUntil, clock.getAsLong()));
        String address = settings.address().toString();
        String name = settings.interfaceName();
        runner.run(List.of(
                "ip", "address", "replace", address, "dev", name, "valid_lft", seconds, "preferred_lft", seconds));
        return Done.getInstance();
    }

    private void delete(String address) {
        runner.run(List.of("ip", "address", "delete", address, "dev", settings.interfaceName()));
    }

    private <T> CompletionStage<T> later(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, blocking);
    }
}
