package io.antler.journal;

import akka.actor.ActorRef;
import akka.actor.ExtendedActorSystem;
import akka.persistence.PersistentRepr;
import akka.persistence.SnapshotMetadata;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import akka.util.ByteString;
import java.time.Instant;
import scala.Option;

/** Between Akka's events and stored ones. */
final class Payloads {
    private final Serialization serialization;

    Payloads(ExtendedActorSystem system) {
        serialization = SerializationExtension.get(system);
    }

    /** Throws whatever the serializer throws: then this event cannot be stored, now or later. */
    Envelope envelope(PersistentRepr event) {
        refuseMetadata("event", event.persistenceId(), event.metadata());
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

    /** As {@link #envelope}. */
    ActorSnapshot snapshot(SnapshotMetadata metadata, Object state) {
        refuseMetadata("snapshot", metadata.persistenceId(), metadata.metadata());
        Serializer serializer = serialization.findSerializerFor(state);
        byte[] bytes = serialization.serialize(state).get();
        return new ActorSnapshot(
                metadata.sequenceNr(),
                metadata.timestamp(),
                serializer.identifier(),
                Serializers.manifestFor(serializer, state),
                ByteString.fromArrayUnsafe(bytes));
    }

    /** Of replicated event sourcing, which would go wrong silently without it. */
    private static void refuseMetadata(String what, String persistenceId, Option<?> metadata) {
        if (metadata.isDefined()) {
            throw new UnsupportedOperationException(
                    "this journal stores no metadata beside an event or a snapshot, but a " + what + " of "
                            + persistenceId + " has "
                            + metadata.get().getClass().getName());
        }
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
        return read(
                "event " + stored.sequenceNr() + " of " + persistenceId,
                envelope.serializerId(),
                envelope.manifest(),
                envelope.payload());
    }

    Object state(String persistenceId, ActorSnapshot stored) {
        return read(
                "snapshot at event " + stored.sequenceNr() + " of " + persistenceId,
                stored.serializerId(),
                stored.manifest(),
                stored.payload());
    }

    private Object read(String what, int serializerId, String manifest, ByteString bytes) {
        try {
            return serialization
                    .deserialize(bytes.toArrayUnsafe(), serializerId, manifest)
                    .get();
        } catch (Exception e) { // Scala's Try throws what the serializer threw, checked or not
            throw new IllegalStateException(
                    what + " (serializer " + serializerId + ", manifest " + manifest + ") cannot be read: "
                            + e.getMessage() + "; start the release of Antler that wrote it, or a newer one",
                    e);
        }
    }
}
