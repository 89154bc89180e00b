#!/bin/sh
# Runs in the dev VM before a snapshot: unmounts the host's shares, see prepare.sh.
set -e
cd /
if pgrep -f '^[^ ]*qemu-system-[^ ]* -name sandbox-' >/dev/null; then
  echo 'sandboxes are running in the dev VM; stop them before saving a snapshot' >&2
  exit 1
fi
for where in /opt/node /var/cache/kata-cc /srv/kata-cc-suite; do
  mountpoint -q "$where" || continue
  umount "$where" && continue
  echo "$where is in use in the dev VM, by:" >&2
  for process in /proc/[0-9]*; do
    for used in "$process/cwd" "$process/exe" "$process"/fd/*; do
      case "$(readlink "$used")" in "$where"*) tr '\0' ' ' <"$process/cmdline" >&2 && echo >&2 && break ;; esac
    done
  done
  exit 1
done
for share in /run/kata-cc-shares/*; do
  if mountpoint -q "$share"; then umount "$share"; fi
done
sync
echo 3 >/proc/sys/vm/drop_caches
