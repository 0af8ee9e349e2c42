/**
 * The metalogger as a node of a cluster: a learner of the journal, whose changes go into an {@link
 * io.antler.metalogger.archive.Archive}. {@link io.antler.metalogger.learner.Learner} is where to start.
 */
@NullMarked
package io.antler.metalogger.learner;

import org.jspecify.annotations.NullMarked;
