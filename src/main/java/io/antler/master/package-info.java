/**
 * What one node does with its {@code mfsmaster}: standby, promotion, master, hand-over.
 */
@NullMarked
package io.antler.master;

import org.jspecify.annotations.NullMarked;
