package io.antler.vip;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.Epoch;
import io.antler.vip.VirtualIp.GiveUp;
import io.antler.vip.VirtualIp.GivenUp;
import io.antler.vip.VirtualIp.Refresh;
import io.antler.vip.VirtualIp.Take;
import io.antler.vip.VirtualIp.TakeReply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A node's part in the virtual IP, as a process in a network namespace. The lease is renewed as long as it runs. A line on
 * standard input gives the address up.
 */
final class VipHolderMain {
    private static final long LEASE = TimeUnit.SECONDS.toNanos(2);

    private VipHolderMain() {}

    /** @param arguments address with prefix length, interface */
    public static void main(String[] arguments) throws IOException {
        Config config = ConfigFactory.parseString(
                        "antler.vip { address = \"" + arguments[0] + "\", interface = " + arguments[1] + " }")
                .withFallback(ConfigFactory.load());
        VipSettings settings = VipSettings.from(config);
        ActorTestKit kit = ActorTestKit.create("holder", config);
        try (var blocking = Executors.newSingleThreadExecutor();
                var renewals = Executors.newSingleThreadScheduledExecutor()) {
            var vip = new LinuxVip(settings, System::nanoTime, blocking);
            System.out.println("leftover " + leftover(vip));
            var virtualIp = kit.spawn(VirtualIp.create(vip, settings, System::nanoTime));
            var taker = kit.<TakeReply>createTestProbe();
            var releaser = kit.<GivenUp>createTestProbe();

            virtualIp.tell(new Take(new Epoch(1), System.nanoTime() + LEASE, taker.getRef()));
            var _ = renewals.scheduleAtFixedRate(
                    () -> virtualIp.tell(new Refresh(System.nanoTime() + LEASE)), 400, 400, TimeUnit.MILLISECONDS);
            System.out.println("answer " + taker.receiveMessage(Duration.ofSeconds(60)));
            int _ = System.in.read();
            virtualIp.tell(new GiveUp(releaser.getRef()));
            System.out.println("answer " + releaser.receiveMessage(Duration.ofSeconds(5)));
            renewals.shutdownNow();
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static String leftover(LinuxVip vip) {
        try {
            return vip.removeLeftover().toCompletableFuture().join().toString();
        } catch (RuntimeException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
