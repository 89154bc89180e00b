#!/bin/busybox sh
# First process of a guest that Kata's runtime starts from our image: what is written goes to memory, the registries of the
# host answer on this guest's loopback (over vsock: it needs no network for that), then start.sh.
mount -t proc proc /proc
mount -t sysfs sys /sys
mountpoint -q /dev || mount -t devtmpfs dev /dev
for directory in /var/lib /var/tmp /root; do mount -t tmpfs -o mode=755 writes "$directory"; done
# Before that there is no 127.0.0.1 to listen on.
ip link set lo up
grep -qw kata_cc.registry=no /proc/cmdline || for port in 5000 5001; do
  socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "VSOCK-CONNECT:2:$port" 2>/dev/null &
done
exec /sbin/start-guest
