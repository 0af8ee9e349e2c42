/**
 * Facts about MooseFS: packets, change lines, images, configuration, and the stock program as a process. No actors.
 */
@NullMarked
package io.antler.moosefs;

import org.jspecify.annotations.NullMarked;
