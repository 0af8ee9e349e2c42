package io.antler.vip;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code antler.vip}, read and checked once.
 *
 * @param announcements how many times both forms of gratuitous ARP are sent
 */
public record VipSettings(
        VipAddress address,
        String interfaceName,
        int announcements,
        Duration announcementInterval,
        Duration probeTimeout,
        Duration commandTimeout) {
    private static final String BLOCK = "antler.vip.";
    private static final String ADDRESS_FORM =
            "the IPv4 address that the clients mount, with the length of its network's prefix, for example \"10.0.0.9/24\"";

    /** @throws IllegalArgumentException naming the key, its value, and what is allowed */
    public static VipSettings from(Config config) {
        return from(config, existingInterfaces());
    }

    /** @param existing names of this machine's interfaces */
    static VipSettings from(Config config, List<String> existing) {
        return new VipSettings(
                address(config),
                interfaceName(config, existing),
                announcements(config),
                duration(config, "announcement-interval", Duration.ofMillis(10)),
                duration(config, "probe-timeout", Duration.ofMillis(10)),
                duration(config, "command-timeout", Duration.ofMillis(100)));
    }

    private static VipAddress address(Config config) {
        String value = config.hasPath(BLOCK + "address") ? config.getString(BLOCK + "address") : null;
        if (value == null) {
            throw new IllegalArgumentException(BLOCK + "address is not set: " + ADDRESS_FORM);
        }
        return VipAddress.parse(value)
                .orElseThrow(() -> new IllegalArgumentException(
                        BLOCK + "address = \"" + value + "\" cannot be the address of a host: " + ADDRESS_FORM));
    }

    private static String interfaceName(Config config, List<String> existing) {
        String value = config.hasPath(BLOCK + "interface") ? config.getString(BLOCK + "interface") : null;
        if (value != null && existing.contains(value)) {
            return value;
        }
        String what = value == null ? "interface is not set" : "interface = \"" + value + "\" does not exist";
        throw new IllegalArgumentException(
                BLOCK + what + ": one of this machine's interfaces, which are " + String.join(", ", existing));
    }

    private static int announcements(Config config) {
        int value = config.getInt(BLOCK + "announcements");
        if (value < 1 || value > 100) {
            throw new IllegalArgumentException(BLOCK + "announcements = " + value + ": from 1 to 100");
        }
        return value;
    }

    private static Duration duration(Config config, String key, Duration atLeast) {
        Duration value = config.getDuration(BLOCK + key);
        if (value.compareTo(atLeast) < 0 || value.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(BLOCK + key + " = "
                    + config.getValue(BLOCK + key).unwrapped() + ": from " + atLeast.toMillis() + " ms to 10 s");
        }
        return value;
    }

    /** Not from {@code java.net.NetworkInterface}: it leaves out those without an address. */
    public static List<String> existingInterfaces() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/dev"))) {
            return lines.filter(line -> line.contains(":"))
                    .map(line -> line.substring(0, line.indexOf(':')).strip())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "The network interfaces could not be listed: " + failure.getMessage(), failure);
        }
    }
}
