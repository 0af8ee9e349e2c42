/**
 * The commands an operator types; start at {@link io.antler.cli.Antler}. Each asks a running node and prints its answer.
 */
@NullMarked
package io.antler.cli;

import org.jspecify.annotations.NullMarked;
