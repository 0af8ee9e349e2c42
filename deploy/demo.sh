#!/usr/bin/env bash
# Shows a MooseFS master's host die, and the file system go on. As root; cleans up after itself.
#   --keep      leave the lab running afterwards, and say how to look around
#   --end       end a lab that was left running
#   --baseline  the same fault with a stock master and without Antler
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case "$*" in
  "" | --keep | --baseline | "--baseline --keep" | "--keep --baseline")
    prepare
    build
    ;;
  --end)
    need_root
    use_jdk
    cd "$root"
    [ -d target/antler/lib ] || build
    ;;
  *)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    [ "$*" = -h ] || [ "$*" = --help ] || exit 2
    exit 0
    ;;
esac
demo_program "$@"
