/**
 * Functions of Linux, each a small port: by {@code java.lang.foreign}, or by Linux's own tools.
 */
@NullMarked
package io.antler.kernel;

import org.jspecify.annotations.NullMarked;
