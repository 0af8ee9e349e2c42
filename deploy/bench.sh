#!/usr/bin/env bash
# Runs a benchmark and prints its results as lines "figure NAME VALUE UNIT", beside whatever is nice to read.
#   demo      the failover of deploy/demo.sh
#   journal   the journal, appends beside JRaft over Bolt; docs/reference/performance.md. [--full | --quick] [PART ...]
#   restore   antler restore beside the stock program's own replay, merging changelogs, and
#             how fast the metalogger follows. [--quick] [merge | restore ...], or follow
#   changelog antler changelog verify, cat and explain. [--quick]
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case "${1:-}" in
  demo)
    prepare
    build
    demo_program --figures
    ;;
  journal)
    shift
    cd "$root"
    use_jdk
    has mvn || fail "no Maven found: install it (Debian: apt install maven)"
    build
    exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx128m -cp "target/test-classes:target/antler/lib/*:target/bench/lib/*" \
      io.antler.bench.JournalBench "$@"
    ;;
  restore)
    shift
    cd "$root"
    use_jdk
    has mvn || fail "no Maven found: install it (Debian: apt install maven)"
    [ -x /usr/sbin/mfsmaster ] || fail "no mfsmaster found: install it (Debian: apt install moosefs-master)"
    build
    bench=("$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED
      -cp "target/test-classes:target/antler/lib/*:target/bench/lib/*")
    [ "$*" = follow ] || "${bench[@]}" -Xmx256m io.antler.bench.RestoreBench "$@"
    case "$*" in
      "" | --quick | follow)
        mkdir -p target/bench-data
        # that much for the master that is followed; the metalogger has a JVM of its own
        "${bench[@]}" -Xmx3g io.antler.bench.FollowBench target/antler target/bench-data
        ;;
    esac
    ;;
  changelog)
    shift
    cd "$root"
    use_jdk
    has mvn || fail "no Maven found: install it (Debian: apt install maven)"
    build
    exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED \
      -cp "target/test-classes:target/antler/lib/*:target/bench/lib/*" io.antler.bench.ChangelogBench "$@"
    ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
