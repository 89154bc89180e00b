#!/bin/sh
# Runs in the dev VM before every command: mounts the host's shares, writable through an overlay that leaves the host
# unchanged.
set -e
# The shares' cache is not checked against the host; dropping it makes the next command read current files.
echo 3 >/proc/sys/vm/drop_caches
share() { # tag, where
  mountpoint -q "$2" && return
  mkdir -p "$2" "/var/lib/kata-cc/$1/upper" "/var/lib/kata-cc/$1/work" "/run/kata-cc-shares/$1"
  # Without a cache, every page of a program is fetched again, and Node.js takes twenty seconds to start.
  mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro "$1" "/run/kata-cc-shares/$1"
  mount -t overlay -o "lowerdir=/run/kata-cc-shares/$1,upperdir=/var/lib/kata-cc/$1/upper,workdir=/var/lib/kata-cc/$1/work" "$1" "$2"
}
share project /srv/kata-cc-suite
share cache /var/cache/kata-cc
# The journal of the dev VM is its own: runs in the host's would look ended from here, and set-up would undo them.
if ! mountpoint -q /var/cache/kata-cc/journal; then
  mkdir -p /var/cache/kata-cc/journal /var/lib/kata-cc/journal
  mount --bind /var/lib/kata-cc/journal /var/cache/kata-cc/journal
fi
share node /opt/node
ln -sf /opt/node/node /usr/local/bin/node
ln -sf /srv/kata-cc-suite/node_modules/pnpm/bin/pnpm.cjs /usr/local/bin/pnpm
