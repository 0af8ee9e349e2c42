package io.antler.vip;

import java.net.Inet4Address;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One ARP packet for IPv4 on Ethernet:
 *
 * <pre>
 *  0  destination MAC (6)   source MAC (6)   0x0806 (2)                     Ethernet
 * 14  1 (2)  0x0800 (2)  6 (1)  4 (1)  operation (2)                        what the addresses are
 * 22  sender MAC (6)  sender IP (4)  target MAC (6)  target IP (4)          42 bytes in all
 * </pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc826">RFC 826</a>, and RFC 5227 for probe and announcement
 */
record Arp(
        Operation operation,
        MacAddress destination,
        MacAddress senderMac,
        Inet4Address senderIp,
        MacAddress targetMac,
        Inet4Address targetIp) {
    private static final short ETHERTYPE_ARP = 0x0806;
    private static final short HARDWARE_ETHERNET = 1;
    private static final short PROTOCOL_IPV4 = 0x0800;
    private static final int IPV4_LENGTH_BYTES = 4;
    private static final int FRAME_BYTES = 42;

    enum Operation {
        REQUEST(1),
        REPLY(2);

        private final short code;

        Operation(int code) {
            this.code = (short) code;
        }
    }

    /** "Is anybody {@code address}?", asked without a sender address so that nobody learns a wrong one (RFC 5227, 2.1.1). */
    static Arp probe(MacAddress own, Inet4Address address) {
        return new Arp(Operation.REQUEST, MacAddress.BROADCAST, own, VipAddress.UNSPECIFIED, MacAddress.NONE, address);
    }

    /** "{@code address} is here" as a request (RFC 5227, 2.3); hosts that know the address learn the new owner. */
    static Arp announcingRequest(MacAddress own, Inet4Address address) {
        return new Arp(Operation.REQUEST, MacAddress.BROADCAST, own, address, MacAddress.NONE, address);
    }

    /** The same as a reply, for devices that learn only from those; the target is the new owner too (RFC 5944, 4.6). */
    static Arp announcingReply(MacAddress own, Inet4Address address) {
        return new Arp(Operation.REPLY, MacAddress.BROADCAST, own, address, own, address);
    }

    /** Whether somebody else says that the address is his, by an answer or of his own accord. */
    boolean claims(Inet4Address address, MacAddress own) {
        return senderIp.equals(address) && !senderMac.equals(own);
    }

    byte[] frame() {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        put(frame, destination);
        put(frame, senderMac);
        frame.putShort(ETHERTYPE_ARP);
        frame.putShort(HARDWARE_ETHERNET).putShort(PROTOCOL_IPV4);
        frame.put((byte) MacAddress.LENGTH_BYTES).put((byte) IPV4_LENGTH_BYTES).putShort(operation.code);
        put(frame, senderMac);
        frame.put(senderIp.getAddress());
        put(frame, targetMac);
        frame.put(targetIp.getAddress());
        return frame.array();
    }

    /** @return empty for everything that is not a request or reply for IPv4 on Ethernet */
    static Optional<Arp> parse(byte[] bytes) {
        try {
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            MacAddress destination = mac(frame);
            mac(frame); // who sent the frame; inside stands whom it is about
            boolean ours = frame.getShort() == ETHERTYPE_ARP
                    && frame.getShort() == HARDWARE_ETHERNET
                    && frame.getShort() == PROTOCOL_IPV4
                    && frame.get() == MacAddress.LENGTH_BYTES
                    && frame.get() == IPV4_LENGTH_BYTES;
            if (!ours) {
                return Optional.empty();
            }
            short code = frame.getShort();
            for (Operation operation : Operation.values()) {
                if (operation.code == code) {
                    return Optional.of(new Arp(operation, destination, mac(frame), ip(frame), mac(frame), ip(frame)));
                }
            }
            return Optional.empty();
        } catch (BufferUnderflowException tooShort) {
            return Optional.empty();
        }
    }

    private static void put(ByteBuffer frame, MacAddress mac) {
        frame.putShort((short) (mac.value() >> 32)).putInt((int) mac.value());
    }

    private static MacAddress mac(ByteBuffer frame) {
        return new MacAddress(Short.toUnsignedLong(frame.getShort()) << 32 | Integer.toUnsignedLong(frame.getInt()));
    }

    private static Inet4Address ip(ByteBuffer frame) {
        byte[] bytes = new byte[IPV4_LENGTH_BYTES];
        frame.get(bytes);
        return VipAddress.ip(bytes);
    }
}
