#!/bin/busybox sh
# shellcheck shell=dash
# init of the dev VM's initrd: loads the disk's modules and switches to systemd on the disk.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do
  insmod "/modules/$module" || echo "dev VM: module $module does not load"
done </modules/order
tries=0
until mount -t ext4 -o noatime /dev/vda /root 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 500 ] || { echo "dev VM: no disk" && poweroff -f; }
  usleep 10000
done
mount --move /dev /root/dev
mount --move /proc /root/proc
mount --move /sys /root/sys
exec switch_root /root /sbin/init
