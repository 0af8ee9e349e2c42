package io.antler.journal;

/** An event that may be stored only while its persistence id was not taken over with a newer epoch. */
public interface Fenced {
    Epoch epoch();
}
