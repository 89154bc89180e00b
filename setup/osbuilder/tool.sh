#!/bin/sh
# Replaces the program of its name that upstream's rootfs.sh expects in its build container. For programs that unpack
# packages, it takes the arguments of each Kata revision and runs $KATA_CC_MMDEBSTRAP with this machine's archives
# ($KATA_CC_SOURCES) of the release $KATA_CC_SUITE. It also unpacks $EXTRA_PKGS, so that a later apt-get in the tree has
# nothing to install: it would know neither mirror nor proxy.
set -e

fail() {
  echo "osbuilder's ${0##*/}: $*" >&2
  exit 1
}

case "${0##*/}" in
  debootstrap) # --include=A,B SUITE ROOT
    for word; do
      case "$word" in --include=*) packages=${word#*=} ;; esac
      root=$word
    done
    ;;
  multistrap) # -d ROOT -f FILE, which contains packages=A B
    while [ $# -gt 0 ]; do
      case "$1" in
        -d) root=$2 ;;
        -f) packages=$(sed -n 's/^packages=//p' "$2") ;;
      esac
      shift
    done
    ;;
  mmdebstrap) # --include A,B SUITE ROOT URL
    while [ $# -gt 2 ]; do
      [ "$1" != --include ] || packages=$2
      shift
    done
    root=$1
    ;;
  apt) # `apt update`, of this machine
    exit 0
    ;;
  MAKEDEV) # The device nodes exist already.
    exit 0
    ;;
  yq) # A path into versions.yaml. rootfs.sh only prints the versions of Rust and musl: the agent is built already.
    case "$*" in
      -V) echo 'yq version 4' ;;
      *.languages.rust.* | *.externals.musl.*) cat >/dev/null && echo none ;;
      *) fail "unsupported arguments: $*" ;;
    esac
    exit 0
    ;;
esac

if [ -z "$packages" ] || [ ! -d "$root" ]; then fail "no packages or no directory among: $*"; fi
exec "$KATA_CC_MMDEBSTRAP" --quiet --mode=root --variant=minbase --format=directory \
  "--include=$packages $EXTRA_PKGS" "$KATA_CC_SUITE" "$root" "$KATA_CC_SOURCES"
