/**
 * What must hold at every moment, everywhere; a breach stops the node.
 */
@NullMarked
package io.antler.invariant;

import org.jspecify.annotations.NullMarked;
