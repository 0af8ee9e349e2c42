/**
 * The door between {@code mfsmaster} and the network; start at {@link io.antler.gate.Door}. Today it only shuts and opens,
 * by nftables; it does not hold packets yet.
 */
@NullMarked
package io.antler.gate;

import org.jspecify.annotations.NullMarked;
