#!/bin/busybox sh
# shellcheck shell=dash
# Second stage of a guest's start, in its root file system, in place of upstream's systemd: sets up mounts and network,
# then starts the agent. The guest ends with the agent, as with upstream's kata-agent.service.
#
# busybox's shell has the usual programs built in: under software emulation, starting programs took longer than running
# them.
#
# Kernel parameters of its own:
#   kata_cc.cgroup=1|2    version of the cgroup hierarchy
#   kata_cc.refuse=HOST   give this guest the address of a host of the network, so that connections to it are refused
#   kata_cc.restart       start the agent again when it ends, instead of ending the guest
#   kata_cc.agent_disks=vdc,vdd,..  disks with the agent and the programs beside it: their files are mounted over those of the root
#                         file system. A template does not read these disks, so each clone can have others
#   kata_cc.template      print "guest: template", wait for a line with parameters on the console, and continue with them; each
#                         clone of this VM reads its own. If they contain kata_cc.template, it waits again
#
# The line "kill-agent" on the console kills the agent.
#
# /sbin/run-agent executes the agent. In a template without disks for agents it runs with a fifo as argument: it loads what it needs,
# creates the file "$1.loaded", and reads its parameters only after it has read a line from the fifo.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8

# Whether a word is on the kernel command line.
parameter() {
  read -r words </proc/cmdline
  case " $words " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Writes lines of an fstab that mount each file below directory $1 on the same path below $2, unless another is already placed there, and
# creates what is not there. `mount -a` would skip a second file for a path.
fstab_of_files() {
  for file in "$1"/*; do
    path="$2/${file##*/}"
    if [ -d "$file" ]; then
      [ -d "$path" ] || mkdir "$path"
      fstab_of_files "$file" "$path"
    else
      case "$placed" in *" $path "*) continue ;; esac
      placed="$placed$path "
      [ -e "$path" ] || : >"$path"
      echo "$file $path none bind"
    fi
  done
}

# Mounts the files of the disks with the agent over those of the root file system; of several files for a path, that of the last disk. It
# runs mount only twice: programs take longer to start than the rest.
attach_agent_disks() {
  mount -a -T /run/fstab.disks || return
  last_first=
  for disk in $agent_disks; do last_first="$disk $last_first"; done
  placed=' '
  for disk in $last_first; do fstab_of_files "/run/layers/$disk" ''; done >/run/fstab.files
  mount -a -T /run/fstab.files
}

# Runs the agent to its end. The script is executed by this shell, without arguments: another shell would take longer to start. Not with
# `&`: a shell starts such commands with SIGINT and SIGQUIT ignored, and the processes of containers inherit that from the agent.
run_agent() {
  # shellcheck source=/dev/null
  (set -- && . /sbin/run-agent) </dev/null
}

# Output is not post-processed, and input is not echoed.
stty -opost -echo </dev/console

mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=1777 tmp /tmp
if parameter kata_cc.cgroup=1; then
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  while read -r controller _ _ enabled; do
    [ "$enabled" = 1 ] || continue
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller" || rmdir "/sys/fs/cgroup/$controller"
  done </proc/cgroups
else
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi

# As systemd does in upstream's root file system; mem-agent reads lru_gen there.
[ ! -d /sys/kernel/debug ] || mount -t debugfs debugfs /sys/kernel/debug

# No terminal, so that programs write plain lines; a fifo instead of a pipe, so that the end of the agent is noticed
# even if a process it started still writes.
mkfifo /run/console
cat </run/console >/dev/console &
exec >/run/console 2>&1

# The kernel creates its boot id at the first read: read here, all clones of a template have the same.
read -r _ </proc/sys/kernel/random/boot_id

ip link set lo up
if [ -d /sys/class/net/eth0 ]; then
  ip addr add 10.0.2.15/24 dev eth0
  ip link set eth0 up
fi

agent_disks=
read -r words </proc/cmdline
for word in $words; do
  case "$word" in
    kata_cc.agent_disks=*) agent_disks=$(echo "${word#*=}" | tr ',' ' ') ;;
  esac
done
for disk in $agent_disks; do
  echo 512 >"/sys/block/$disk/queue/read_ahead_kb"
  mkdir -p "/run/layers/$disk"
  echo "/dev/$disk /run/layers/$disk erofs ro"
done >/run/fstab.disks

go=
if parameter kata_cc.template; then
  # Runs programs once, so that they are in the memory of every clone.
  for program in skopeo umoci gpg bash ls base64 date; do "/usr/bin/$program" --version >/dev/null 2>&1; done
  # An agent that is not on disks of its own, such as the stand-in, is loaded by the template.
  if [ -z "$agent_disks" ]; then
    go=/run/agent-go
    mkfifo "$go"
    /sbin/run-agent "$go" &
    agent=$!
    while [ ! -e "$go.loaded" ]; do usleep 10000; done
  fi
  # Done before the template is saved: up to here, nothing depends on a clone's own parameters.
  cp /proc/cmdline /run/cmdline
  mount --bind /run/cmdline /proc/cmdline
  while parameter kata_cc.template; do
    echo "guest: template"
    read -r parameters </dev/console
    printf '%s\n' "$parameters" >/run/cmdline
  done
fi

read -r words </proc/cmdline
for word in $words; do
  case "$word" in
    systemd.hostname=*) echo "${word#*=}" >/proc/sys/kernel/hostname ;;
    kata_cc.refuse=*) ip addr add "${word#*=}/32" dev lo ;;
  esac
done

# Before the wait for the vsock device, during which the processor of a clone would be idle.
if [ -n "$agent_disks" ] && ! attach_agent_disks; then
  echo "guest: the disks with the agent cannot be mounted" >/dev/console
  poweroff -f
fi

# In a clone, the vsock device is hotplugged and may appear later. The host continues when it reads the next line; it
# checks itself that the device is ready, which is a moment after its driver appears here.
tries=0
until set -- /sys/bus/virtio/drivers/vmw_vsock_virtio_transport/virtio* && [ -e "$1" ]; do
  tries=$((tries + 1))
  if [ "$tries" = 2000 ]; then
    echo "guest: no vsock device appeared" >/dev/console
    poweroff -f
  fi
  usleep 10000
done
# Reads commands from the console, which also works if the agent does not respond.
while read -r word; do
  [ "$word" != kill-agent ] || { echo "guest: kills the agent" >/dev/console; pkill -KILL -f 'kata-agent|stand-in-agent'; }
done </dev/console &

echo "guest: starts the agent"
if [ -n "$go" ]; then
  echo go >"$go"
  wait "$agent"
else
  run_agent
fi
while ended=$?; parameter kata_cc.restart; do
  echo "guest: the agent ended with $ended and is started again"
  run_agent
done
echo "guest: the agent ended with $ended" >/dev/console
poweroff -f
