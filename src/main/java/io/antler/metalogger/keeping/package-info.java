/**
 * What a metalogger does besides storing changes, wherever these come from: images by a schedule, house-keeping, the operator's
 * command, alarms. {@link io.antler.metalogger.keeping.ImageKeeper} is where to start.
 */
@NullMarked
package io.antler.metalogger.keeping;

import org.jspecify.annotations.NullMarked;
