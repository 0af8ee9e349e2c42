package io.antler.journal;

import akka.util.ByteString;

/**
 * A persistent actor's state as it is stored, with what Akka's serialization made of it. Not to be confused with the
 * {@link JournalSnapshots}, which have these in them.
 *
 * @param sequenceNr of the last event in it; not part of what is encoded
 * @param timestamp milliseconds since 1970 (UTC), of the writer
 */
record ActorSnapshot(long sequenceNr, long timestamp, int serializerId, String manifest, ByteString payload) {
    private static final int FORMAT = 1;

    byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            out.writeLong(timestamp);
            out.writeInt(serializerId);
            out.writeUTF(manifest);
            Fields.writeBytes(out, payload.toArrayUnsafe());
        });
    }

    static ActorSnapshot decode(long sequenceNr, byte[] bytes) {
        return Fields.read(
                "a stored snapshot",
                FORMAT,
                bytes,
                in -> new ActorSnapshot(
                        sequenceNr,
                        in.readLong(),
                        in.readInt(),
                        in.readUTF(),
                        ByteString.fromArrayUnsafe(Fields.readBytes(in))));
    }
}
