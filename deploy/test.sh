#!/usr/bin/env bash
# Runs all tests, as root: those with real programs too. Further arguments go to Maven.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

prepare
mkdir -p target
prepare_moosefs4
trap end_left_labs EXIT
mvn -B verify "$@" </dev/null
