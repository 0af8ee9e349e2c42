/**
 * A directory of changelog files and images in MooseFS' own layout, which a stock {@code mfsmaster -a} can start from at any
 * moment. {@link io.antler.metalogger.archive.Archive} is the way in; where the changes come from is not its business.
 */
@NullMarked
package io.antler.metalogger.archive;

import org.jspecify.annotations.NullMarked;
