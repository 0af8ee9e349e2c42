/**
 * What both sides of the journal's benchmark share, and the one that has nothing of Antler in it: JRaft over Bolt. Its JVMs
 * are started without Antler's classes, so nothing here may use them.
 */
@NullMarked
package io.antler.bench.raw;

import org.jspecify.annotations.NullMarked;
