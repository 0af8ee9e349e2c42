package io.antler.metalogger;

import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;

final class TestConfig {
    private TestConfig() {}

    static Config forJournal() {
        return ConfigFactory.parseString("""
                akka.actor.serialization-bindings { "io.antler.journal.CborEncoded" = jackson-cbor }
                akka.persistence.typed.stash-overflow-strategy = fail
                """)
                .withFallback(EventSourcedBehaviorTestKit.config())
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    static MetaloggerSettings settings() {
        return new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 5000, 1024 * 1024);
    }
}
