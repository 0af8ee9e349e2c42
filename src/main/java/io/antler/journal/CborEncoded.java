package io.antler.journal;

/**
 * Marks what crosses nodes or enters the journal; encoded by Akka's Jackson CBOR serializer. The names of such classes
 * and of their components are a stored format: renaming one is a migration.
 */
public interface CborEncoded {}
