/**
 * Follows a running master over the metalogger protocol, journals its changes, downloads and keeps images.
 */
@NullMarked
package io.antler.metalogger;

import org.jspecify.annotations.NullMarked;
