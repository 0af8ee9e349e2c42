/**
 * What an operator and a load balancer can see of a node: MBean, health, HTTP. Subscribes to what lower packages publish.
 */
@NullMarked
package io.antler.monitor;

import org.jspecify.annotations.NullMarked;
