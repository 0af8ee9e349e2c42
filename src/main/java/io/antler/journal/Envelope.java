package io.antler.journal;

import akka.util.ByteString;

/**
 * One event as it is stored: what Akka's serialization made of it, and who wrote it when.
 *
 * @param eventManifest of an event adapter, mostly empty
 * @param writerUuid of the incarnation of the persistent actor; tells a retry from another writer's event
 * @param timestamp milliseconds since 1970 (UTC), of the writer
 */
record Envelope(
        int serializerId,
        String manifest,
        String eventManifest,
        String writerUuid,
        long timestamp,
        ByteString payload) {
    private static final int FORMAT = 1;

    byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            out.writeInt(serializerId);
            out.writeUTF(manifest);
            out.writeUTF(eventManifest);
            out.writeUTF(writerUuid);
            out.writeLong(timestamp);
            Fields.writeBytes(out, payload.toArrayUnsafe());
        });
    }

    static Envelope decode(byte[] bytes) {
        return Fields.read("a stored event", FORMAT, bytes, in -> {
            int serializerId = in.readInt();
            String manifest = in.readUTF();
            String eventManifest = in.readUTF();
            String writerUuid = in.readUTF();
            long timestamp = in.readLong();
            ByteString payload = ByteString.fromArrayUnsafe(Fields.readBytes(in));
            return new Envelope(serializerId, manifest, eventManifest, writerUuid, timestamp, payload);
        });
    }
}
