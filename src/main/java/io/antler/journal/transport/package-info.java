/**
 * JRaft's messages, and calls of bytes, between the peers of a group. Knows JRaft's rpc interfaces, protobuf and Netty;
 * nothing of what the journal means.
 *
 * <p>{@link io.antler.journal.transport.Transport} is where to start: a peer opens one, hands it to JRaft in {@link
 * io.antler.journal.transport.TransportOptions}, and closes it after its node. Each peer calls every other one over a {@link
 * io.antler.journal.transport.Link} of its own, which the other side answers in a {@link
 * io.antler.journal.transport.Session}. {@link io.antler.journal.transport.Frame} is what they say, {@link
 * io.antler.journal.transport.Network} what carries it.
 */
@NullMarked
package io.antler.journal.transport;

import org.jspecify.annotations.NullMarked;
