package io.antler.vip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VipSettingsTest {
    private static final List<String> INTERFACES = List.of("lo", "eth0");

    @Test
    void theDefaultsSufficeOnceAddressAndInterfaceAreSet() {
        VipSettings settings = VipSettings.from(with("address = \"10.0.0.9/24\", interface = eth0"), INTERFACES);

        assertEquals("10.0.0.9/24", settings.address().toString());
        assertEquals("eth0", settings.interfaceName());
        assertEquals(5, settings.announcements());
        assertEquals(Duration.ofMillis(200), settings.announcementInterval());
        assertEquals(Duration.ofMillis(150), settings.probeTimeout());
        assertEquals(Duration.ofSeconds(2), settings.commandTimeout());
    }

    @Test
    void whatIsNotSetIsNamed() {
        assertRefused("interface = eth0", "antler.vip.address is not set: the IPv4 address that the clients mount");
        assertRefused(
                "address = \"10.0.0.9/24\"",
                "antler.vip.interface is not set: one of this machine's interfaces, which are lo, eth0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.9",
                "10.0.0.9/33",
                "10.0.0.9/0",
                "10.0.0.256/24",
                "10.0.0.0/24",
                "10.0.0.255/24",
                "127.0.0.9/8",
                "224.0.0.9/24",
                "255.255.255.255/32",
                "0.0.0.0/32",
                "fe80::1/64",
                "master/24",
                ""
            })
    void whatNoHostCanHaveAsAddressIsRefused(String address) {
        assertRefused(
                "interface = eth0, address = \"" + address + "\"",
                "antler.vip.address = \"" + address + "\" cannot be the address of a host: ");
    }

    @Test
    void hostAddressesAtTheEdgesAreTaken() {
        for (String address :
                List.of("10.0.0.0/31", "10.0.0.255/32", "10.0.0.255/16", "192.168.1.254/24", "223.1.2.3/8")) {
            Config config = with("interface = eth0, address = \"" + address + "\"");
            assertEquals(address, VipSettings.from(config, INTERFACES).address().toString());
        }
    }

    @Test
    void impossibleValuesAreRefusedWithWhatIsAllowed() {
        String good = "address = \"10.0.0.9/24\", interface = eth0, ";

        assertRefused(
                "address = \"10.0.0.9/24\", interface = eth7",
                "antler.vip.interface = \"eth7\" does not exist: one of this machine's interfaces, which are lo, eth0");
        assertRefused(good + "announcements = 0", "antler.vip.announcements = 0: from 1 to 100");
        assertRefused(
                good + "announcement-interval = 1 ms", "antler.vip.announcement-interval = 1 ms: from 10 ms to 10 s");
        assertRefused(good + "probe-timeout = 1 m", "antler.vip.probe-timeout = 1 m: from 10 ms to 10 s");
        assertRefused(good + "command-timeout = 10 ms", "antler.vip.command-timeout = 10 ms: from 100 ms to 10 s");
    }

    @Test
    void theInterfacesOfThisMachineAreFound() {
        Config config = with("address = \"10.0.0.9/24\", interface = lo");

        assertEquals("lo", VipSettings.from(config).interfaceName());
    }

    private static void assertRefused(String vip, String beginning) {
        var refused = assertThrows(IllegalArgumentException.class, () -> VipSettings.from(with(vip), INTERFACES));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(beginning), String.valueOf(refused.getMessage()));
    }

    private static Config with(String vip) {
        return ConfigFactory.parseString("antler.vip { " + vip + " }").withFallback(ConfigFactory.load());
    }
}
