#!/bin/busybox sh
# shellcheck shell=dash
# init of a guest whose kernel mounts the root file system itself, as Kata's runtime starts ours: mounts tmpfs for writes, forwards the
# guest's loopback to the host's registries over vsock (so that it needs no network), and continues with start.sh.
#
# Kernel parameters of its own:
#   kata_cc.registry=no              do not forward the ports of the run's registries
#   kata_cc.forward.PORT=VSOCK_PORT  forward a port of the guest's loopback to a vsock port of the host
mount -t proc proc /proc
mount -t sysfs sys /sys
mountpoint -q /dev || mount -t devtmpfs dev /dev
for directory in /var/lib /var/tmp /root; do mount -t tmpfs -o mode=755 writes "$directory"; done
# socat needs the address 127.0.0.1 to listen on.
ip link set lo up
forward() { # port, vsock port
  socat "TCP-LISTEN:$1,bind=127.0.0.1,fork,reuseaddr" "VSOCK-CONNECT:2:$2" 2>/dev/null &
}
grep -qw kata_cc.registry=no /proc/cmdline || for port in 5000 5001; do forward "$port" "$port"; done
read -r words </proc/cmdline
for word in $words; do
  case "$word" in
    kata_cc.forward.*=*) word=${word#kata_cc.forward.} && forward "${word%%=*}" "${word#*=}" ;;
  esac
done
exec /sbin/start-guest
