/**
 * One Antler process: its configuration, the order of its start, its guardian actor, and how it ends.
 */
@NullMarked
package io.antler.node;

import org.jspecify.annotations.NullMarked;
