#!/bin/sh
# Stands, under its name, for a program that upstream's rootfs.sh expects in its build container. What unpacks packages is
# called as that revision calls it, and has $KATA_CC_MMDEBSTRAP take them from where this machine does: the archives in
# $KATA_CC_SOURCES of the release $KATA_CC_SUITE. $EXTRA_PKGS come along, so that a later apt-get in the tree has nothing to
# do: it would know neither the mirror nor the proxy.
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
  multistrap) # -d ROOT -f FILE, in which there is packages=A B
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
  MAKEDEV) # The device nodes are there by then.
    exit 0
    ;;
  yq) # A path into versions.yaml. Versions of Rust and musl are only printed: the agent is built already.
    case "$*" in
      -V) echo 'yq version 4' ;;
      *.languages.rust.* | *.externals.musl.*) cat >/dev/null && echo none ;;
      *) fail "not known here: $*" ;;
    esac
    exit 0
    ;;
esac

[ -n "$packages" ] && [ -d "$root" ] || fail "no packages or no directory among: $*"
exec "$KATA_CC_MMDEBSTRAP" --quiet --mode=root --variant=minbase --format=directory \
  "--include=$packages $EXTRA_PKGS" "$KATA_CC_SUITE" "$root" "$KATA_CC_SOURCES"
