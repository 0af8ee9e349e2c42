/**
 * The metalogger without a cluster: follows a plain stock master into an {@link io.antler.metalogger.archive.Archive}. {@link
 * io.antler.metalogger.alone.Follower} is where to start. No actors, and little memory.
 */
@NullMarked
package io.antler.metalogger.alone;

import org.jspecify.annotations.NullMarked;
