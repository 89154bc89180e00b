import { defined } from '../../helpers/defined.ts';

/** A containerd configuration as a user may have written it. */
export interface Spelling {
  readonly name: string;
  /** The configuration version that a containerd must support. */
  readonly version: number;
  readonly text: string;
  /** A line of containerd that rejects the text as its user wrote it. */
  readonly notReadBy?: string;
}

/** The plugin that has CRI's runtime handlers, by version. Source: containerd's docs/PLUGINS.md. */
const PLUGINS = {
  2: 'io.containerd.grpc.v1.cri',
  3: 'io.containerd.cri.v1.runtime',
  4: 'io.containerd.cri.v1.runtime',
};

/**
 * The same settings in many spellings, for a version of containerd's configuration and its plugin `p`. Source: TOML
 * 1.0, containerd's docs/cri/config.md.
 */
const SPELLINGS: Readonly<Record<string, (version: number, p: string) => string>> = {
  'only the version': (version) => `version = ${version}\n`,
  'no newline at the end': (version) => `version = ${version} # no more`,
  'headers in single quotes': (version, p) =>
    `version = ${version}\n[plugins.'${p}'.containerd.runtimes.runc]\n  runtime_type = 'io.containerd.runc.v2'\n  [plugins.'${p}'.containerd.runtimes.runc.options]\n    SystemdCgroup = false\n`,
  'headers in double quotes with comments behind': (version, p) =>
    `version = ${version}\n\n[plugins] # all of them\n  [plugins."${p}"] # CRI\n    # where CNI is\n    [plugins."${p}".cni] # here\n      bin_dir = "/usr/lib/cni" # Debian's\n    [plugins."${p}".containerd] # runtimes\n      default_runtime_name = "runc"\n`,
  'a handler kata with an array over several lines': (version, p) =>
    `version = ${version}\n[plugins."${p}".containerd.runtimes.runc]\nruntime_type = "io.containerd.runc.v2"\n[plugins."${p}".containerd.runtimes.kata]\nruntime_type = "io.containerd.kata.v2"\nruntime_path = "/opt/kata/bin/containerd-shim-kata-v2"\npod_annotations = [\n  # ours\n  "com.example.*", # first\n]\n[plugins."${p}".containerd.runtimes.kata.options]\nConfigPath = "/opt/kata/share/defaults/kata-containers/configuration.toml"\n`,
  'inline tables': (version, p) =>
    `version = ${version}\n[plugins]\n"${p}" = { containerd = { runtimes = { runc = { runtime_type = "io.containerd.runc.v2" } } } } # short\n`,
  'dotted keys below a header': (version, p) =>
    `version = ${version}\n[plugins."${p}"]\ncontainerd.default_runtime_name = "runc"\ncontainerd.runtimes.runc.runtime_type = "io.containerd.runc.v2"\n`,
  'dotted keys at the root': (version, p) =>
    `version = ${version}\nplugins."${p}".containerd.default_runtime_name = "runc"\n`,
  'super-tables after their subtables': (version, p) =>
    `version = ${version}\n[plugins."${p}".containerd.runtimes.runc]\nruntime_type = "io.containerd.runc.v2"\n[plugins."${p}".cni]\nbin_dir = "/usr/lib/cni"\n[plugins]\n[plugins."${p}"]\n`,
  'blanks within headers': (version, p) =>
    `version=${version}\n[ plugins . "${p}" . containerd ]\ndefault_runtime_name="runc"\n`,
  'a key with an escape': (version, p) =>
    `version = ${version}\n["plugins"."${p.replace('c', '\\u0063')}".containerd]\ndefault_runtime_name = """\nrunc"""\n`,
  'CRLF line ends': (version, p) =>
    `version = ${version}\r\n\r\n[plugins]\r\n\t# runtimes\r\n\t[plugins."${p}".containerd]\r\n\t\tdefault_runtime_name = "runc"\r\n`,
  'a byte order mark': (version, p) =>
    `\uFEFFversion = ${version}\n[plugins."${p}".containerd]\ndefault_runtime_name = "runc"\n`,
  'CRI disabled over several lines': (version) =>
    `disabled_plugins = [\n  "io.containerd.snapshotter.v1.zfs", # no zfs\n  # Docker needs no CRI\n  "io.containerd.grpc.v1.cri",\n]\nversion = ${version}\n`,
  'other tables and comments at the end': (version, p) =>
    `version = ${version}\n[plugins."${p}".containerd.runtimes.crun]\nruntime_type = "io.containerd.runc.v2"\n[plugins."${p}".containerd.runtimes.crun.options]\nBinaryName = "/usr/bin/crun"\n\n[timeouts]\n"io.containerd.timeout.shim.cleanup" = "5s"\n# the end\n\n\n`,
};

/**
 * Spellings that a line of containerd rejects. The go-toml 1.9.5 of containerd 1.7 does not decode escapes in keys: seen with 1.7.34, while
 * Debian's 1.6.20 and 2.3.4 decode them.
 */
const NOT_READ_BY: Readonly<Record<string, string>> = { 'a key with an escape': '1.7' };

const OF_ONE_VERSION: readonly Spelling[] = [
  { name: 'an empty file', version: 2, text: '' },
  { name: 'comments alone', version: 2, text: '# version = 3\n' },
  {
    name: "version 1 with CRI disabled, as in Docker's package",
    version: 1,
    text: '# Docker Inc.\ndisabled_plugins = ["cri"]\n#root = "/var/lib/containerd"\n',
  },
  {
    name: 'version 1 with a runtime',
    version: 1,
    text: '[plugins.cri.containerd.runtimes.runc]\n  runtime_type = "io.containerd.runc.v2"\n',
  },
  {
    name: 'CRI disabled by the plugins it consists of',
    version: 3,
    text: "version = 3\ndisabled_plugins = ['io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime', 'io.containerd.podsandbox.controller.v1.podsandbox']\n",
  },
];

/** containerd configurations: every spelling in every version. */
export const CONTAINERD_CONFIGS: readonly Spelling[] = [
  ...Object.entries(PLUGINS).flatMap(([version, plugin]) =>
    Object.entries(SPELLINGS).map(([name, text]) => ({
      name: `version ${version}: ${name}`,
      version: Number(version),
      text: text(Number(version), plugin),
      ...defined({ notReadBy: NOT_READ_BY[name] }),
    })),
  ),
  ...OF_ONE_VERSION,
];
