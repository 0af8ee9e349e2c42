package io.antler.vip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArpTest {
    private static final MacAddress OWN = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress OTHER = MacAddress.parse("fe:dc:ba:98:76:54");
    private static final Inet4Address IP = VipAddress.ip(new byte[] {10, 0, 0, 9});
    private static final Inet4Address ASKER = VipAddress.ip(new byte[] {10, 0, 0, 2});

    @Test
    void aProbeHasNoSenderAddress() {
        assertFrame(
                "ffffffffffff 02000000000a 0806 0001 0800 06 04 0001 02000000000a 00000000 000000000000 0a000009",
                Arp.probe(OWN, IP));
    }

    @Test
    void anAnnouncementNamesTheAddressAsSenderAndAsTarget() {
        assertFrame(
                "ffffffffffff 02000000000a 0806 0001 0800 06 04 0001 02000000000a 0a000009 000000000000 0a000009",
                Arp.announcingRequest(OWN, IP));
        assertFrame(
                "ffffffffffff 02000000000a 0806 0001 0800 06 04 0002 02000000000a 0a000009 02000000000a 0a000009",
                Arp.announcingReply(OWN, IP));
    }

    @Test
    void anAnswerOfTheOwnerClaimsTheAddress() {
        Arp answer = new Arp(Arp.Operation.REPLY, OWN, OTHER, IP, OWN, VipAddress.UNSPECIFIED);
        byte[] padded = Arrays.copyOf(answer.frame(), 60); // Ethernet's least length

        assertEquals(Optional.of(answer), Arp.parse(padded));
        assertTrue(answer.claims(IP, OWN));
        assertTrue(Arp.announcingRequest(OTHER, IP).claims(IP, OWN));
    }

    @Test
    void questionsAndOurOwnPacketsClaimNothing() {
        assertFalse(new Arp(Arp.Operation.REQUEST, MacAddress.BROADCAST, OTHER, ASKER, MacAddress.NONE, IP)
                .claims(IP, OWN));
        assertFalse(Arp.probe(OTHER, IP).claims(IP, OWN));
        assertFalse(Arp.announcingReply(OWN, IP).claims(IP, OWN));
    }

    @Test
    void whatIsNoArpForIpv4OnEthernetIsLeftAside() {
        byte[] frame = Arp.probe(OWN, IP).frame();

        for (int length = 0; length < frame.length; length++) {
            assertEquals(Optional.empty(), Arp.parse(Arrays.copyOf(frame, length)));
        }
        for (int at : new int[] {12, 14, 16, 18, 19, 20}) {
            byte[] other = frame.clone();
            other[at] = 9;
            assertEquals(Optional.empty(), Arp.parse(other), "byte " + at);
        }
    }

    private static void assertFrame(String hex, Arp arp) {
        assertArrayEquals(HexFormat.of().parseHex(hex.replace(" ", "")), arp.frame());
        assertEquals(Optional.of(arp), Arp.parse(arp.frame()));
    }
}
