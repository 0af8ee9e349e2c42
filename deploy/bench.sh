#!/usr/bin/env bash
# Runs a benchmark and prints its results as lines "figure NAME VALUE UNIT", beside whatever is nice to read.
#   demo   the failover of deploy/demo.sh
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case "${1:-}" in
  demo)
    prepare
    build
    demo_program --figures
    ;;
  *)
    sed -n '2,3s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
