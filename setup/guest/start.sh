#!/bin/busybox sh
# Second stage of a guest's start, in its root file system: what systemd does in upstream's guests. Mounts, network, then
# the agent; when that ends, so does the guest, as with upstream's kata-agent.service.
#
# busybox's shell has the usual programs in itself: in an emulated guest starting them took longer than all they do.
#
# Kernel parameters of its own:
#   kata_cc.cgroup=1|2    which cgroup hierarchy the agent finds
#   kata_cc.refuse=HOST   a host of the network is this guest itself, where nobody listens: it refuses connections
#   kata_cc.restart       start the agent again when it ends, instead of ending the guest
#   kata_cc.template      print "guest: template" and go on with the parameters that are then written to the console as
#                         one line: a clone of this machine reads its own. With the parameter among those it waits again
#
# The line "kill-agent" on the console kills the agent.
#
# /sbin/run-agent becomes the agent. It is given a fifo: when there is one it may load what it needs, makes the file
# "$1.loaded", and looks at its parameters only when it has read a line from the fifo.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8

# Whether a word is on the kernel command line.
parameter() {
  read -r words </proc/cmdline
  case " $words " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# What is printed arrives as it was printed, and what is read is not printed back.
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

# No terminal, so that programs write plain lines; and a fifo instead of a pipe, so that the agent's end is seen although
# something it has started still writes.
mkfifo /run/console
cat </run/console >/dev/console &
exec >/run/console 2>&1

# A kernel makes its boot id when somebody asks for it: asked here, clones of one machine have one.
read -r _ </proc/sys/kernel/random/boot_id

ip link set lo up
if [ -d /sys/class/net/eth0 ]; then
  ip addr add 10.0.2.15/24 dev eth0
  ip link set eth0 up
fi

go=
if parameter kata_cc.template; then
  # Read once here, what every clone will run is in its memory.
  for program in skopeo umoci gpg bash ls base64 date; do "/usr/bin/$program" --version >/dev/null 2>&1; done
  go=/run/agent-go
  mkfifo "$go"
  /sbin/run-agent "$go" &
  agent=$!
  while [ ! -e "$go.loaded" ]; do usleep 10000; done
  # What a clone need not do: there is nothing here yet that its own parameters would change.
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

# Plugged into a clone, it may come after us. The host goes on when it reads the next line: a driver is shown here a moment
# before its device is ready, and for that the host looks itself.
tries=0
until set -- /sys/bus/virtio/drivers/vmw_vsock_virtio_transport/virtio* && [ -e "$1" ]; do
  tries=$((tries + 1))
  if [ "$tries" = 2000 ]; then
    echo "guest: no vsock device appeared" >/dev/console
    poweroff -f
  fi
  usleep 10000
done
# The console is heard when the agent is not.
while read -r word; do
  [ "$word" != kill-agent ] || { echo "guest: kills the agent" >/dev/console; pkill -KILL -f 'kata-agent|stand-in-agent'; }
done </dev/console &

echo "guest: starts the agent"
if [ -n "$go" ]; then
  echo go >"$go"
else
  /sbin/run-agent &
  agent=$!
fi
while wait "$agent"; ended=$?; parameter kata_cc.restart; do
  echo "guest: the agent ended with $ended and is started again"
  /sbin/run-agent &
  agent=$!
done
echo "guest: the agent ended with $ended" >/dev/console
poweroff -f
