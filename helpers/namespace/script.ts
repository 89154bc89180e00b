import { commandLine, DIE_WITH_PARENT } from '../process/exec.ts';

/** A directory or file of the host that is bind-mounted at `target` in the new namespaces. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readonly?: boolean;
}

/**
 * A TCP port on the loopback of the new network namespace whose connections are forwarded to a unix socket of the host.
 */
export interface Forward {
  readonly port: number;
  readonly socket: string;
}

/**
 * A unix socket of the host whose connections are forwarded to an abstract socket in the new namespaces (abstract names
 * are per network namespace).
 */
export interface Exposed {
  readonly socket: string;
  readonly abstract: string;
}

/**
 * File system and network of new namespaces. Everything not listed here is the host's root under a temporary overlay.
 */
export interface NamespaceLayout {
  /** Empty directory for these namespaces alone; a short path, because it contains sockets. */
  readonly dir: string;
  readonly hostname: string;
  /** Content of /proc/cmdline in the namespaces: the kernel parameters that an agent reads. */
  readonly kernelParameters?: string;
  /**
   * Host directories that are bind-mounted at their own path, writable (the overlay hides sockets created outside it).
   */
  readonly share?: readonly string[];
  readonly binds?: readonly Bind[];
  /** Absolute paths of directories on which the new mount namespace gets an empty tmpfs. */
  readonly tmpfs?: readonly string[];
  readonly forwards?: readonly Forward[];
  readonly exposed?: readonly Exposed[];
  /** Size limit of all files written in the namespaces, in MiB. */
  readonly sizeMib?: number;
}

const DEFAULT_SIZE_MIB = 2_048;

/** Capabilities that processes in the namespaces lack: the clock, kernel modules and reboot would affect the host. */
const DROPPED = '-sys_time,-sys_module,-sys_boot';

const UNSHARE = ['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--ipc', '--uts', '--net', '--cgroup'];

/** Shell script that joins the cgroups, so that the cgroup namespace is rooted there, and enters new namespaces. */
export function enterScript(cgroupDirectories: readonly string[]): string {
  const join = cgroupDirectories.map((directory) => `echo $$ > ${commandLine([`${directory}/cgroup.procs`])}`);
  return [...join, `exec ${commandLine(UNSHARE)} -- "$@"`].join('\n');
}

/**
 * Shell script of the inner pid 1: sets up the root, runs `"$@"` as a child and exits with its status. The script stays
 * pid 1, because a kata-agent that is pid 1 behaves as the guest's init.
 */
export function initScript(layout: NamespaceLayout): string {
  const quote = (path: string): string => commandLine([path]);
  const root = quote(`${layout.dir}/root`);
  const inside = (path: string): string => `"$new"${quote(path)}`;
  // The mount point is created as a plain file or directory: a symbolic link there would be followed out of the new
  // root.
  const file = (path: string): string =>
    `mkdir -p ${inside(path.slice(0, path.lastIndexOf('/') + 1))}; [ ! -L ${inside(path)} ] || rm ${inside(path)}; [ -e ${inside(path)} ] || : > ${inside(path)}`;
  return [
    'set -eu',
    // The umask of a booted guest, whichever umask the user has.
    'umask 022',
    'mount --make-rprivate /',
    `mount -t tmpfs -o size=${layout.sizeMib ?? DEFAULT_SIZE_MIB}m,mode=700 guest ${root}`,
    `mkdir ${root}/upper ${root}/work ${root}/merged; chmod 755 ${root}/upper`,
    `new=${root}/merged`,
    `mount -t overlay -o lowerdir=/,upperdir=${root}/upper,workdir=${root}/work guest "$new"`,
    ...MOUNT_KERNEL_FILE_SYSTEMS,
    ...(layout.kernelParameters === undefined
      ? []
      : [
          `printf '%s\\n' ${quote(layout.kernelParameters)} > ${root}/cmdline`,
          `mount --bind ${root}/cmdline "$new/proc/cmdline"`,
        ]),
    ...[layout.dir, ...(layout.share ?? [])].flatMap((path) => [
      `mkdir -p ${inside(path)}`,
      `mount --bind ${quote(path)} ${inside(path)}`,
    ]),
    ...(layout.tmpfs ?? []).flatMap((path) => [
      `mkdir -p ${inside(path)}`,
      `mkdir -p ${root}/upper/.tmpfs${quote(path)}; mount -t tmpfs -o mode=755 tmpfs ${inside(path)}`,
    ]),
    ...(layout.binds ?? []).flatMap(({ source, target, readonly = false }) => [
      `if [ -d ${quote(source)} ]; then mkdir -p ${inside(target)}; else ${file(target)}; fi`,
      `mount --bind ${quote(source)} ${inside(target)}`,
      ...(readonly ? [`mount -o remount,bind,ro ${inside(target)}`] : []),
    ]),
    'mkdir -p "$new/.outside"; cd "$new"; pivot_root . .outside; umount -l /.outside; rmdir /.outside; cd /',
    `hostname ${quote(layout.hostname)}`,
    'ip link set lo up',
    ...(layout.forwards ?? []).map(({ port, socket }) =>
      relay(`TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,backlog=64`, `UNIX-CONNECT:${socket}`, layout.dir),
    ),
    ...(layout.exposed ?? []).map(({ socket, abstract }) =>
      relay(`UNIX-LISTEN:${socket},fork,mode=600`, `ABSTRACT-CONNECT:${abstract},unix-tightsocklen=0`, layout.dir),
    ),
    `: > ${quote(`${layout.dir}/ready`)}`,
    `${commandLine([...DIE_WITH_PARENT.slice(0, -1), '--bounding-set', DROPPED, '--'])} "$@" &`,
    'wait $!',
  ].join('\n');
}

const MOUNT_KERNEL_FILE_SYSTEMS = [
  'mount -t proc proc "$new/proc"',
  'mount --rbind /dev "$new/dev"',
  // No disks of this machine: an agent with the feature init-data reads each of them, and might find initdata that is not its own.
  'for disk in "$new"/dev/[a-km-z]*; do [ ! -b "$disk" ] || mount --bind /dev/null "$disk"; done',
  'mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$new/dev/pts"',
  'mount -t tmpfs -o mode=1777 tmpfs "$new/dev/shm"',
  'mount -t tmpfs -o mode=1777 tmpfs "$new/tmp"',
  'mount -t sysfs -o ro sysfs "$new/sys"',
  // cgroup v1 and hybrid: one mount per hierarchy listed in /proc/self/cgroup; v2 alone: one mount, with our own
  // processes in a leaf, so that controllers can be delegated to containers.
  'if grep -q "^0::" /proc/self/cgroup && [ "$(wc -l < /proc/self/cgroup)" = 1 ]; then',
  '  mount -t cgroup2 cgroup2 "$new/sys/fs/cgroup"; mkdir "$new/sys/fs/cgroup/init"',
  '  echo 1 > "$new/sys/fs/cgroup/init/cgroup.procs"',
  '  sed "s/[^ ]*/+&/g" "$new/sys/fs/cgroup/cgroup.controllers" > "$new/sys/fs/cgroup/cgroup.subtree_control"',
  'else',
  '  mount -t tmpfs -o mode=755 cgroup "$new/sys/fs/cgroup"',
  '  while IFS=: read -r _ controllers _; do',
  '    case $controllers in "") continue ;; name=*) at=$(echo "$controllers" | cut -c6-); opt=none,$controllers ;; *) at=$controllers; opt=$controllers ;; esac',
  '    mkdir "$new/sys/fs/cgroup/$at"; mount -t cgroup -o "$opt" cgroup "$new/sys/fs/cgroup/$at"',
  '  done < /proc/self/cgroup',
  'fi',
];

function relay(from: string, to: string, dir: string): string {
  return `${commandLine(['socat', from, to])} 2>> ${commandLine([`${dir}/relay.log`])} &`;
}
