package io.antler.vip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.kernel.FakePacketSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinuxVipTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final MacAddress OWN = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:0b");
    private static final VipSettings SETTINGS = new VipSettings(
            VipAddress.parse("10.0.0.9/24").orElseThrow(),
            "eth0",
            5,
            Duration.ofMillis(200),
            Duration.ofMillis(150),
            Duration.ofSeconds(2));
    private static final String OURS =
            "{\"family\":\"inet\",\"local\":\"10.0.0.9\",\"prefixlen\":24,\"dynamic\":true,\"valid_life_time\":2}";
    private static final String SOMEBODYS =
            "{\"family\":\"inet\",\"local\":\"10.0.0.9\",\"prefixlen\":16,\"valid_life_time\":4294967295}";

    private final FakePacketSocket socket = new FakePacketSocket();
    private final List<String> commands = new ArrayList<>();
    private String lo = "";
    private String eth0 = "";
    private String flags = "\"UP\"";
    private long now = 100 * SECOND;
    private final LinuxVip vip = new LinuxVip(SETTINGS, () -> now++, this::ip, socket.opener(), Runnable::run);

    @Test
    void theLifetimeIsTheRestOfTheLeaseRoundedUpToSeconds() {
        get(vip.take(now + SECOND + 10));
        get(vip.refresh(now + 2 * SECOND));
        get(vip.refresh(now + SECOND / 10));

        assertEquals(List.of(replaced(2), replaced(2), replaced(1)), commands);
    }

    @Test
    void anAddressIsNeverTakenOrRefreshedAfterTheLease() {
        assertRefused("the lease ended 1000 ms ago", vip.take(now - SECOND));
        assertRefused("the lease ended 1000 ms ago", vip.refresh(now - SECOND));

        assertEquals(List.of(), commands);
    }

    @Test
    void somebodyElsesConfigurationIsLeftAlone() {
        eth0 = SOMEBODYS;

        assertRefused("interface eth0 (without a lifetime), and not by Antler", vip.removeLeftover());
        assertRefused("and now: ip address delete 10.0.0.9/16 dev eth0", vip.take(now + SECOND));
        get(vip.giveUp());

        eth0 = "";
        lo = OURS;
        assertRefused("interface lo, and not by Antler", vip.take(now + SECOND));
        assertEquals(List.of(), commands);
    }

    @Test
    void anEarlierLifesAddressIsRemovedOnce() {
        eth0 = OURS;
        assertTrue(get(vip.removeLeftover()));

        eth0 = "";
        assertFalse(get(vip.removeLeftover()));
        get(vip.giveUp());
        assertEquals(List.of("ip address delete 10.0.0.9/24 dev eth0"), commands);
    }

    @Test
    void anInterfaceThatCannotServeIsNamed() {
        flags = "";

        assertRefused("interface eth0 is down: ip link set eth0 up", vip.take(now + SECOND));
        assertRefused("interface eth0 is down: ip link set eth0 up", vip.probe());
    }

    @Test
    void anAnnouncementIsSentInBothForms() {
        get(vip.announce());

        assertEquals(2, socket.sent.size());
        assertArrayEquals(Arp.announcingRequest(OWN, SETTINGS.address().ip()).frame(), socket.sent.get(0));
        assertArrayEquals(Arp.announcingReply(OWN, SETTINGS.address().ip()).frame(), socket.sent.get(1));
        assertEquals(socket.opened, socket.closed);
    }

    @Test
    void aProbeFindsTheOwnerAmongOtherPackets() {
        socket.coming.add(new byte[3]);
        socket.coming.add(Arp.probe(OTHER, SETTINGS.address().ip()).frame());
        socket.coming.add(Arp.announcingReply(OTHER, SETTINGS.address().ip()).frame());

        assertEquals(Optional.of(OTHER), get(vip.probe()));
        assertEquals(socket.opened, socket.closed);
    }

    @Test
    void aProbeThatNobodyAnswersIsSentThreeTimes() {
        LinuxVip slow = new LinuxVip(SETTINGS, () -> now += SECOND / 1000, this::ip, socket.opener(), Runnable::run);

        assertEquals(Optional.empty(), get(slow.probe()));

        assertEquals(3, socket.sent.size());
        assertArrayEquals(Arp.probe(OWN, SETTINGS.address().ip()).frame(), socket.sent.get(2));
    }

    private String ip(List<String> command) {
        String words = String.join(" ", command);
        if (words.equals("ip -j address show")) {
            return ("[{},{\"ifname\":\"lo\",\"ifindex\":1,\"flags\":[\"UP\"],\"link_type\":\"loopback\",\"addr_info\":[%s]},"
                            + "{\"ifname\":\"eth0\",\"ifindex\":2,\"flags\":[\"BROADCAST\",%s],\"link_type\":\"ether\","
                            + "\"address\":\"%s\",\"addr_info\":[%s]}]")
                    .formatted(lo, flags.isEmpty() ? "\"MULTICAST\"" : flags, OWN, eth0);
        }
        commands.add(words);
        return "";
    }

    private static String replaced(int seconds) {
        return "ip address replace 10.0.0.9/24 dev eth0 valid_lft " + seconds + " preferred_lft " + seconds;
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void assertRefused(String why, CompletionStage<?> stage) {
        var failure = assertThrows(CompletionException.class, () -> get(stage));
        String message = String.valueOf(
                assertInstanceOf(VipUnusable.class, failure.getCause()).getMessage());
        assertTrue(message.contains(why), message);
    }
}
