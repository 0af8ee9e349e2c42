/**
 * Finds images and changelogs in many places and makes one history of them: {@link io.antler.collector.Sources} looks,
 * {@link io.antler.collector.Merge} puts in order and says what is missing or contradicts, {@link
 * io.antler.collector.Collection} keeps the result as files. What is made of it is decided above.
 */
@NullMarked
package io.antler.collector;

import org.jspecify.annotations.NullMarked;
