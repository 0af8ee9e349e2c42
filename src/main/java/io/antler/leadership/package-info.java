/**
 * Who is master: the cluster singleton that appoints, its pure rule, and its history.
 */
@NullMarked
package io.antler.leadership;

import org.jspecify.annotations.NullMarked;
