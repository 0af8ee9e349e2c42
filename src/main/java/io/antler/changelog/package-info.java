/**
 * What a change of the changelog means: {@link io.antler.changelog.Explainer} says it in words. The table of operations is
 * the resource {@code operations}; {@link io.antler.changelog.Names} knows what each inode is called.
 */
@NullMarked
package io.antler.changelog;

import org.jspecify.annotations.NullMarked;
