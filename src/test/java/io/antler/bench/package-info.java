/**
 * Benchmarks. Of the metalogger: {@link io.antler.bench.FollowBench}. The journal's, {@code deploy/bench.sh journal}: three JVMs with the journal and three with nothing but JRaft,
 * side by side. Start at {@link io.antler.bench.JournalBench}; what the figures mean is in
 * {@code docs/reference/performance.md}.
 */
@NullMarked
package io.antler.bench;

import org.jspecify.annotations.NullMarked;
