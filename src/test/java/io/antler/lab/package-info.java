/**
 * A lab on one machine: hosts that are network namespaces joined by a switch, real MooseFS programs on them, a load,
 * and a ledger of what was acknowledged. Start at {@link io.antler.lab.Lab} and {@link io.antler.lab.Cluster}.
 * System tests and {@code deploy/demo.sh} use the same classes, so only the tests themselves may need JUnit.
 */
@NullMarked
package io.antler.lab;

import org.jspecify.annotations.NullMarked;
