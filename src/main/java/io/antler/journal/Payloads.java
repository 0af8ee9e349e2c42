package io.antler.journal;

import akka.actor.ActorRef;
import akka.actor.ExtendedActorSystem;
import akka.persistence.PersistentRepr;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import akka.util.ByteString;
import java.time.Instant;

/** Between Akka's events and stored ones. */
final class Payloads {
    private final Serialization serialization;

    Payloads(ExtendedActorSystem system) {
        serialization = SerializationExtension.get(system);
    }

    /** Throws whatever the serializer throws: then this event cannot be stored, now or later. */
    Envelope envelope(PersistentRepr event) {
        Object payload = event.payload();
        Serializer serializer = serialization.findSerializerFor(payload);
        byte[] bytes = serialization.serialize(payload).get();
        return new Envelope(
                serializer.identifier(),
                Serializers.manifestFor(serializer, payload),
                event.manifest(),
                event.writerUuid(),
                event.timestamp() > 0 ? event.timestamp() : Instant.now().toEpochMilli(),
                ByteString.fromArrayUnsafe(bytes));
    }

    PersistentRepr event(String persistenceId, StoredEvent stored) {
        Envelope envelope = stored.envelope();
        return PersistentRepr.apply(
                        payload(persistenceId, stored),
                        stored.sequenceNr(),
                        persistenceId,
                        envelope.eventManifest(),
                        false,
                        ActorRef.noSender(),
                        envelope.writerUuid())
                .withTimestamp(envelope.timestamp());
    }

    Object payload(String persistenceId, StoredEvent stored) {
        Envelope envelope = stored.envelope();
        try {
            return serialization
                    .deserialize(envelope.payload().toArrayUnsafe(), envelope.serializerId(), envelope.manifest())
                    .get();
        } catch (Exception e) { // Scala's Try throws what the serializer threw, checked or not
            throw new IllegalStateException(
                    "event " + stored.sequenceNr() + " of " + persistenceId + " (serializer " + envelope.serializerId()
                            + ", manifest " + envelope.manifest() + ") cannot be read: " + e.getMessage()
                            + "; start the release of Antler that wrote it, or a newer one",
                    e);
        }
    }
}
