# Shared by the scripts beside it; read with ".", not run. Sets "root": the top of the source tree.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

need_root() {
  [ "$(id -u)" = 0 ] || fail "makes network namespaces and mounts, and so needs root: run it as root"
}

has() { command -v "$1" >/dev/null 2>&1; }

# No service that a package brings may start here: on this machine mfsmaster runs only in the lab.
without_services() {
  local policy=/usr/sbin/policy-rc.d code=0
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  # shellcheck disable=SC2064 # the path is meant as it is now
  trap "rm -f '$policy'" EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  "$@" || code=$?
  rm -f "$policy"
  trap - EXIT
  return "$code"
}

install_missing() {
  local packages=() package program
  while read -r program package; do
    has "$program" || [ -x "/usr/sbin/$program" ] || packages+=("$package")
  done <<'LIST'
mvn maven
mfsmaster moosefs-master
mfschunkserver moosefs-chunkserver
mfsmount moosefs-client
ip iproute2
nft nftables
iptables iptables
nsenter util-linux
ss iproute2
LIST
  has fusermount || has fusermount3 || packages+=(fuse)
  find_jdk >/dev/null || packages+=(openjdk-25-jdk-headless)
  [ ${#packages[@]} -gt 0 ] || return 0

  has apt-get || fail "missing: ${packages[*]}. There is no apt-get here: install them by hand, then start again"
  echo "installing: ${packages[*]}"
  apt-get -q update >/dev/null || fail "apt-get update failed: check the network and the package sources"
  if [[ " ${packages[*]} " == *" openjdk-25-"* ]] && ! apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    fail "no JDK 25 found, and this distribution has none. Install one (for example Temurin 25 from adoptium.net)" \
      "below /usr/lib/jvm or /opt, or name it: JAVA_HOME=/path/to/jdk-25 deploy/$(basename "$0")"
  fi
  DEBIAN_FRONTEND=noninteractive without_services apt-get -q -y --no-install-recommends install "${packages[@]}" </dev/null ||
    fail "apt-get could not install: ${packages[*]}"
  if has systemctl && [ -d /run/systemd/system ]; then
    for package in moosefs-master moosefs-chunkserver; do
      [[ " ${packages[*]} " != *" $package "* ]] || systemctl -q disable "$package" || true
    done
  fi
}

# MooseFS 4 of Debian 13 beside the 3.0 of this machine: its programs run directly, from a tree of their own.
prepare_moosefs4() {
  local tree=/var/tmp/antler-moosefs-4 program
  [ -x "$tree/antler/mfsmount" ] && return 0
  has apt-get || fail "MooseFS 4 for the tests is missing, and there is no apt-get here: put mfsmaster and mfsmount of Debian 13 into $tree/antler"
  if ! has debootstrap || ! has patchelf; then
    apt-get -q update >/dev/null || fail "apt-get update failed: check the network and the package sources"
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install debootstrap patchelf </dev/null ||
      fail "apt-get could not install debootstrap and patchelf"
  fi
  echo "installing MooseFS 4 into $tree"
  rm -rf "$tree.new"
  debootstrap --variant=minbase --include=moosefs-master,moosefs-client trixie "$tree.new" >"$root/target/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: target/debootstrap.log"
  mkdir "$tree.new/antler"
  for program in usr/sbin/mfsmaster usr/bin/mfsmount; do
    cp "$tree.new/$program" "$tree.new/antler/"
    patchelf --set-interpreter "$tree/lib64/ld-linux-x86-64.so.2" --set-rpath "$tree/usr/lib/x86_64-linux-gnu" \
      "$tree.new/antler/${program##*/}"
  done
  rm -rf "$tree"
  mv "$tree.new" "$tree"
}

# Prints the home of a JDK 25; a runtime without compiler does not count.
find_jdk() {
  local java home
  java=$("$root/src/main/bin/antler" --which-java 2>/dev/null) || return 1
  home=$(dirname "$(dirname "$(readlink -f "$java")")")
  [ -x "$home/bin/javac" ] || return 1
  echo "$home"
}

use_jdk() {
  JAVA_HOME=$(find_jdk) || fail "no JDK 25 found (a runtime alone cannot build). Name one: JAVA_HOME=/path/to/jdk-25"
  export JAVA_HOME ANTLER_JAVA="$JAVA_HOME/bin/java"
}

need_fuse() {
  [ -e /dev/fuse ] || modprobe fuse 2>/dev/null || true
  [ -e /dev/fuse ] || fail "there is no /dev/fuse, so nothing can be mounted: load the kernel module fuse, or allow it to this container"
}

# All that the lab and the build need, on this machine.
prepare() {
  need_root
  install_missing
  use_jdk
  need_fuse
  cd "$root"
}

build() {
  echo "building (log: target/build.log)"
  mkdir -p target
  mvn -B -DskipTests package >target/build.log 2>&1 </dev/null || {
    grep -E "ERROR|FAIL" target/build.log | head -n 40 >&2 || true
    fail "the build failed: target/build.log"
  }
}

# Replaces this shell, so that an interrupt reaches the program that has to clean up.
demo_program() {
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx256m -cp "target/test-classes:target/antler/lib/*" io.antler.lab.Demo "$@"
}

# Labs whose program was killed before it could clean up; those in use are left alone.
end_left_labs() {
  if [ -e target/test-classes/io/antler/lab/Demo.class ] && compgen -G "/tmp/antler-lab-*" >/dev/null; then
    (demo_program --end)
  fi
}
