#!/bin/sh
# init of the initrd of a guest whose root file system dm-verity measures, for a distribution's kernel, in which device mapper is a module:
# creates the device of dm-mod.create= and mounts the root file system of root=, rootfstype= and rootflags=, as a kernel with DM_INIT does
# without an initrd, and switches to the init in it. Kata had an initrd with veritysetup for that until 3.26. Source:
# tools/packaging/static-build/initramfs/init.sh of Kata 3.25.0.

fail() {
  echo "guest: $*" >/dev/console
  poweroff -f
}

mount -t devtmpfs dev /dev || fail "no /dev"
mount -t proc proc /proc
mount -t sysfs sys /sys

while read -r module; do
  insmod "/modules/$module" || fail "module $module does not load"
done </modules.order
tries=0
while [ ! -b /dev/vda2 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 500 ] || fail "disk vda with two partitions did not appear"
  usleep 10000
done

table=$(sed -n 's/.*dm-mod.create="\([^"]*\)".*/\1/p' /proc/cmdline)
if [ -n "$table" ]; then
  modprobe dm_verity || fail "module dm_verity does not load"
  dmsetup create --concise "$table" || fail "no device of dm-verity"
fi

root='' type='' flags=''
read -r words </proc/cmdline
for word in $words; do
  case "$word" in
    root=*) root=${word#*=} ;;
    rootfstype=*) type=${word#*=} ;;
    rootflags=*) flags=${word#*=} ;;
  esac
done
mount -t "$type" -o "$flags" "$root" /root || fail "cannot mount the root file system $root"
mount --move /dev /root/dev
mount --move /proc /root/proc
mount --move /sys /root/sys
exec switch_root /root /sbin/init
