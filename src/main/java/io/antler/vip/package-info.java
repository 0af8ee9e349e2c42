/**
 * The virtual IP of the master: taken, refreshed with the lease, announced, given up. Start at
 * {@link io.antler.vip.VirtualIp}; how a machine gets the address is a {@link io.antler.vip.VipProvider}. Whether the
 * master already serves is for the caller to know.
 */
@NullMarked
package io.antler.vip;

import org.jspecify.annotations.NullMarked;
