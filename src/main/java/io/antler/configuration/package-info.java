/**
 * The files that configure a master, the same on every node: a pushed version is in the journal, and {@link
 * io.antler.configuration.ConfigurationKeeper} puts it in place on each node.
 */
@NullMarked
package io.antler.configuration;

import org.jspecify.annotations.NullMarked;
