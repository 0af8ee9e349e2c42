package io.antler.node;

import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.archive.RetentionRule;
import io.antler.metalogger.keeping.KeepingSettings;
import io.antler.metalogger.keeping.Master;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code antler metalogger} reads from a configuration.
 *
 * @param changelogBytes see {@code antler.metalogger.archive.changelog-size}
 * @param clientPort of the master
 * @param collector where to look for what the master, or the journal, does not have any more
 * @param alarmAfter so long the master may be away before there is an alarm
 */
public record LoneSettings(
        MetaloggerSettings protocol,
        long changelogBytes,
        KeepingSettings keeping,
        int clientPort,
        Duration alarmAfter,
        HttpPort http,
        CollectorSettings collector) {
    private static final int METALOGGER_PORT = 9419;
    private static final int MOST = 1_000_000;
    private static final long MEBIBYTE = 1 << 20;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration CENTURY = Duration.ofDays(36_500);

    /** @param port null: none */
    public record HttpPort(String address, @Nullable Integer port) {}

    /** @throws BadConfiguration with every problem found */
    static LoneSettings from(Keys keys) {
        long changelogBytes = keys.bytes("antler.metalogger.archive.changelog-size", MEBIBYTE, 1024 * MEBIBYTE);
        KeepingSettings keeping = keeping(keys);
        int clientPort = keys.number("antler.metalogger.alone.client-port", 1, 65_535);
        Duration alarmAfter = keys.duration("antler.metalogger.alone.alarm-after", Duration.ZERO, DAY);
        HttpPort http = http(keys);
        CollectorSettings collector = CollectorSettings.from(keys);
        keys.throwIfBad();
        return new LoneSettings(
                MetaloggerSettings.from(keys.config()),
                changelogBytes,
                keeping,
                clientPort,
                alarmAfter,
                http,
                collector);
    }

    private static HttpPort http(Keys keys) {
        String portKey = "antler.metalogger.alone.http.port";
        String address = keys.text("antler.metalogger.alone.http.address", Ipv4::isHost, "an IPv4 address in digits");
        return new HttpPort(address, keys.isSet(portKey) ? keys.number(portKey, 1, 65_535) : null);
    }

    private static KeepingSettings keeping(Keys keys) {
        String archive = "antler.metalogger.archive.";
        var limits = new RetentionRule.Limits(
                keys.number(archive + "keep.hourly", 0, MOST),
                keys.number(archive + "keep.daily", 0, MOST),
                keys.number(archive + "keep.weekly", 0, MOST),
                keys.number(archive + "keep.count", 1, MOST),
                keys.duration(archive + "keep.age", DAY, CENTURY),
                keys.bytes(archive + "keep.size", MEBIBYTE, Long.MAX_VALUE));
        return new KeepingSettings(
                keys.duration(archive + "images.check-interval", Duration.ofMillis(100), DAY),
                keys.yes(archive + "images.after-save"),
                keys.duration(archive + "images.at-least-every", Duration.ofMinutes(1), CENTURY),
                limits,
                keys.yes(archive + "compress.enabled"),
                keys.number(archive + "compress.plain-images", 1, MOST),
                keys.words(archive + "command"),
                keys.duration(archive + "command-timeout", SECOND, DAY));
    }

    /**
     * @param name {@code HOST} or {@code HOST:PORT}
     * @throws BadConfiguration if it is neither
     */
    public Master master(String name) {
        int colon = name.indexOf(':');
        String host = colon < 0 ? name : name.substring(0, colon);
        String port = colon < 0 ? String.valueOf(METALOGGER_PORT) : name.substring(colon + 1);
        if (host.isBlank() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new BadConfiguration(List.of("--master " + name + ": a host name or IPv4 address, and perhaps a port,"
                    + " like \"mfsmaster\" or \"10.0.0.9:9419\""));
        }
        return new Master(host, Integer.parseInt(port), clientPort);
    }
}
