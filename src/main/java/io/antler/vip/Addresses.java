package io.antler.vip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code ip -j address show} says of this machine.
 */
record Addresses(List<Link> links) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Addresses {
        links = List.copyOf(links);
    }

    /** @param ethernet whether its neighbours are found by ARP */
    record Link(String name, int index, boolean ethernet, boolean up, String mac, List<Entry> entries) {
        Link {
            entries = List.copyOf(entries);
        }

        /** @throws VipUnusable if nobody could be reached there */
        Link usable() {
            if (!ethernet) {
                throw new VipUnusable(
                        "antler.vip.interface = \"" + name + "\" is no Ethernet interface: choose one that is");
            }
            if (!up) {
                throw new VipUnusable("interface " + name + " is down: ip link set " + name + " up");
            }
            return this;
        }
    }

    /** @param permanent without a lifetime: somebody configured it, so it is not Antler's */
    record Entry(String ip, int prefixLength, boolean permanent) {}

    record Found(Link link, Entry entry) {}

    static Addresses parse(String json) {
        try {
            List<Link> links = new ArrayList<>();
            for (JsonNode link : JSON.readTree(json)) {
                if (link.has("ifname")) { // some versions print {} for what a filter left out
                    links.add(link(link));
                }
            }
            return new Addresses(links);
        } catch (JsonProcessingException strange) {
            throw new VipUnusable(
                    "\"ip -j address show\" of iproute2 printed what is no JSON: " + strange.getOriginalMessage());
        }
    }

    private static Link link(JsonNode link) {
        boolean up = false;
        for (JsonNode flag : link.path("flags")) {
            up |= flag.asText().equals("UP");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : link.path("addr_info")) {
            if (entry.path("family").asText().equals("inet")) {
                entries.add(new Entry(
                        entry.path("local").asText(),
                        entry.path("prefixlen").asInt(),
                        !entry.path("dynamic").asBoolean()));
            }
        }
        return new Link(
                link.path("ifname").asText(),
                link.path("ifindex").asInt(),
                link.path("link_type").asText().equals("ether"),
                up,
                link.path("address").asText(),
                entries);
    }

    Link link(String name) {
        return links.stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new VipUnusable("interface " + name + " (antler.vip.interface) is gone; there are "
                        + String.join(", ", links.stream().map(Link::name).toList())));
    }

    Optional<Found> find(Inet4Address ip) {
        String text = ip.getHostAddress();
        return links.stream()
                .flatMap(link -> link.entries().stream()
                        .filter(entry -> entry.ip().equals(text))
                        .map(entry -> new Found(link, entry)))
                .findFirst();
    }

    /**
     * Where an Antler process has left the address.
     *
     * @throws VipUnusable if it is here, but by somebody else's configuration
     */
    Optional<Found> ours(VipSettings settings) {
        Optional<Found> found = find(settings.address().ip());
        found.ifPresent(here -> {
            if (here.entry().permanent() || !here.link().name().equals(settings.interfaceName())) {
                throw new VipUnusable("""
                        The virtual IP %s is already an address of this machine's interface %s%s, and not by Antler. \
                        Antler takes it and gives it up itself; nothing else may configure it. \
                        Remove it from the network configuration of this machine, and now: ip address delete %s/%d dev %2$s""".formatted(
                                settings.address(),
                                here.link().name(),
                                here.entry().permanent() ? " (without a lifetime)" : "",
                                here.entry().ip(),
                                here.entry().prefixLength()));
            }
        });
        return found;
    }

    /** Whether the interface has the address with this prefix length and a lifetime. */
    boolean isTaken(VipSettings settings) {
        VipAddress address = settings.address();
        Entry taken = new Entry(address.ip().getHostAddress(), address.prefixLength(), false);
        return links.stream()
                .anyMatch(link -> link.name().equals(settings.interfaceName())
                        && link.entries().contains(taken));
    }
}
