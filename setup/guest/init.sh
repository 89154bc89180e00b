#!/bin/sh
# init of a guest's initrd: loads the modules of a distribution's kernel, stacks the layers of the root file system (the
# read-only disks of kata_cc.disks=vda,vdb,..., last one on top, writes to memory), and switches to start.sh there.

fail() {
  echo "guest: $*" >/dev/console
  poweroff -f
}

mount -t devtmpfs dev /dev || fail "no /dev"
mount -t proc proc /proc
mount -t sysfs sys /sys

if [ -f /modules.order ]; then
  while read -r module; do
    insmod "/modules/$module" || fail "module $module does not load"
  done </modules.order
fi

layers=
for disk in $(sed -n 's/.*kata_cc.disks=\([a-z,]*\).*/\1/p' /proc/cmdline | tr ',' ' '); do
  tries=0
  while [ ! -b "/dev/$disk" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 500 ] || fail "disk $disk did not appear"
    usleep 10000
  done
  # Larger read-ahead: each read costs a guest under software emulation a millisecond.
  echo 512 >"/sys/block/$disk/queue/read_ahead_kb"
  mkdir -p "/layers/$disk"
  mount -t erofs -o ro "/dev/$disk" "/layers/$disk" || fail "disk $disk holds no file system that can be mounted"
  layers="/layers/$disk${layers:+:$layers}"
done

mount -t tmpfs -o mode=755 writes /writes
mkdir /writes/upper /writes/work
mount -t overlay -o "lowerdir=$layers,upperdir=/writes/upper,workdir=/writes/work" root /root || fail "no root"

# busybox runs start.sh.
[ -x /root/bin/busybox ] || fail "the root file system has no /bin/busybox"
cp /start.sh /root/sbin/start-guest
if [ -d /later/lib ]; then
  mkdir -p /root/usr/lib/modules
  cp -r /later/lib/modules/. /root/usr/lib/modules
fi
mount --move /dev /root/dev
mount --move /proc /root/proc
mount --move /sys /root/sys
exec switch_root /root /sbin/start-guest
