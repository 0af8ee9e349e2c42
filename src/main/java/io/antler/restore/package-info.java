/**
 * Turns an image and later changes into a master that could serve: {@link io.antler.restore.HotStandby} keeps a stock
 * {@code mfsmaster} loaded and fed. Where the changes come from and when to promote is decided above.
 */
@NullMarked
package io.antler.restore;

import org.jspecify.annotations.NullMarked;
