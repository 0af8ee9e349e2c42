package io.antler.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.transport.Security;
import io.antler.monitor.HttpApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Akka needs to know, derived from the node's own settings; an operator never writes Akka's keys. */
final class AkkaConfig {
    static final String SYSTEM = "antler";

    /** Role of those whose number decides which side of a split stays. */
    static final String VOTER = "voter";

    private AkkaConfig() {}

    static Config from(NodeSettings settings, Roster roster, Config config) {
        List<Map<String, Object>> contactPoints = new ArrayList<>();
        roster.voters()
                .forEach(member -> contactPoints.add(
                        Map.of("host", member.host(), "port", settings.ports().http())));
        Map<String, Object> derived = Map.of(
                "akka.remote.artery.canonical.hostname", settings.self().address(),
                "akka.remote.artery.canonical.port", settings.ports().akka(),
                "akka.cluster.roles", List.of(settings.kind() == NodeKind.METALOGGER ? "learner" : VOTER),
                "akka.discovery.config.services.antler.endpoints", contactPoints);
        return ConfigFactory.parseMap(derived, "derived from antler.*")
                .withFallback(remoting(settings.security()))
                .withFallback(HttpApi.settings(
                        settings.self().address(), settings.ports().http()))
                .withFallback(ConfigFactory.parseResources("antler-akka.conf"))
                .withFallback(config)
                .resolve();
    }

    /** The certificate that Raft uses too. Akka wants one name that all certificates share besides: the common name. */
    static Config remoting(Security security) {
        return switch (security) {
            case Security.Plain _ -> ConfigFactory.empty();
            case Security.MutualTls tls ->
                ConfigFactory.parseMap(
                                Map.of(
                                        "transport",
                                        "tls-tcp",
                                        "ssl.ssl-engine-provider",
                                        "akka.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
                                        "ssl.rotating-keys-engine",
                                        Map.of(
                                                "cert-file", tls.certificate().toString(),
                                                "key-file", tls.key().toString(),
                                                "ca-cert-file", tls.ca().toString(),
                                                "protocol", "TLSv1.3",
                                                "enabled-algorithms",
                                                        List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"))),
                                "derived from antler.tls")
                        .atPath("akka.remote.artery");
        };
    }
}
