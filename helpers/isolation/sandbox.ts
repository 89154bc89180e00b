import { dirname } from 'node:path';

/**
 * User and group id of isolated builds. No account has it: it is above the ids that Debian and systemd assign and below
 * the subordinate ids of /etc/subuid. Sources: Debian Policy 9.2.2, systemd's "Users, Groups, UIDs and GIDs".
 */
export const BUILD_ID = 77_000;

/** What an isolated command may use of this machine, besides the system's programs and libraries. */
export interface Sandbox {
  /** Directories that the command may change. They must belong to the user of builds. */
  readonly writable?: readonly string[];
  /** Files and directories that the command may read. */
  readonly readable?: readonly string[];
  /** Files that the command may read under another path. */
  readonly renamed?: readonly { readonly source: string; readonly target: string }[];
  /** Whether the command may use this machine's network; by default it has a loopback interface of its own. */
  readonly network?: boolean;
}

/** Directories of the distribution's programs, compilers and libraries; absent ones are left out. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64'] as const;

/** The parts of /etc that compilers and programs need: links to programs, libraries, certificates. */
const SETTINGS = ['alternatives', 'ca-certificates', 'ld.so.cache', 'localtime', 'os-release', 'pki', 'ssl'] as const;

/** The parts of /etc that programs need to use the network. */
const NETWORK_SETTINGS = ['hosts', 'nsswitch.conf', 'protocols', 'resolv.conf', 'services'] as const;

/** Capabilities with which the command becomes the user of builds, and then loses them. */
const CAPABILITIES = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'] as const;

const AS_BUILD_USER = [
  ...['setpriv', `--reuid=${BUILD_ID}`, `--regid=${BUILD_ID}`, '--clear-groups'],
  ...['--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', '--'],
] as const;

/** File descriptor from which bwrap reads the filter of system calls. */
const FILTER = 3;

/**
 * Script for bash that names the user of builds, for programs that look it up, closes the files that this process has
 * inherited open, such as locks, and runs the command.
 */
const PREPARED = [
  `echo build:x:${BUILD_ID}:${BUILD_ID}::/tmp:/bin/sh > /etc/passwd`,
  'for number in $(ls /proc/self/fd); do [ "$number" -le 2 ] || eval "exec $number>&-"; done',
  'exec "$@"',
].join('; ');

/** Home directory of isolated commands: empty, and private to the command. */
export const BUILD_HOME = '/tmp';

/**
 * The command that runs `command` isolated, by bubblewrap: as the user of builds, without privileges, in mount, PID, IPC
 * and network namespaces of its own. All its processes end with it. Has to be run by root, with the command's
 * environment, and with {@link systemCallFilter} on file descriptor 3. Source: bwrap(1).
 */
export function sandboxCommand(sandbox: Sandbox, command: readonly string[], cwd: string): readonly string[] {
  const { network = false, readable = [], renamed = [], writable = [] } = sandbox;
  const targets = [...readable, ...writable, ...renamed.map(({ target }) => target)];
  return [
    ...['bwrap', '--die-with-parent', '--new-session', '--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    ...['--seccomp', String(FILTER)],
    ...['--unshare-cgroup-try', ...(network ? [] : ['--unshare-net'])],
    ...['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', name])],
    ...[
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--perms',
      '1777',
      '--tmpfs',
      '/tmp',
      '--perms',
      '1777',
      '--tmpfs',
      '/var/tmp',
    ],
    // bwrap itself creates missing parents with mode 700.
    ...ancestors(['/etc/passwd', ...targets]).flatMap((directory) => ['--dir', directory]),
    ...PROGRAMS.flatMap((path) => ['--ro-bind-try', path, path]),
    ...[...SETTINGS, ...(network ? NETWORK_SETTINGS : [])].flatMap((name) => bind('--ro-bind-try', `/etc/${name}`)),
    ...readable.flatMap((path) => bind('--ro-bind', path)),
    ...writable.flatMap((path) => bind('--bind', path)),
    ...renamed.flatMap(({ source, target }) => ['--ro-bind', source, target]),
    ...['--', 'bash', '-c', PREPARED, 'bash', ...AS_BUILD_USER],
    // Only now, as another user: root without privileges cannot enter a directory of the user of builds.
    ...['env', `--chdir=${cwd}`, ...command],
  ];
}

/**
 * The command that runs `command` as this process's user, with every file read-only except those below `writable`; the
 * paths in `kept`, below one of these, are read-only too.
 */
export function readOnlyCommand(
  { kept, writable }: { readonly writable: readonly string[]; readonly kept: readonly string[] },
  command: readonly string[],
): readonly string[] {
  return [
    ...['bwrap', '--die-with-parent', '--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev'],
    ...writable.flatMap((path) => bind('--bind', path)),
    ...kept.flatMap((path) => bind('--ro-bind-try', path)),
    // What is fetched has to be readable for the user of builds, whichever umask this process has.
    ...['--', 'sh', '-c', 'umask 022; exec "$@"', 'sh', ...command],
  ];
}

function bind(option: string, path: string): string[] {
  return [option, path, path];
}

/** The directories above these paths, each after its own parent, without the root. */
function ancestors(paths: readonly string[]): string[] {
  const above = (path: string): string[] => {
    const parent = dirname(path);
    return parent === '/' ? [] : [...above(parent), parent];
  };
  return [...new Set(paths.flatMap(above))];
}
