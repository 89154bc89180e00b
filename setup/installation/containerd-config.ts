import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { KATA_HANDLER, KATA_RUNTIME } from '../../helpers/kata/names.ts';
import { editToml, type TomlEdit } from '../../helpers/text/toml-edit.ts';
import { isTable, parseToml, type TomlTable, tomlPath, valueAt } from '../../helpers/text/toml-read.ts';
import { CONTAINERD } from './containerd-endpoint.ts';

/** A file of containerd's configuration. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Where CRI's settings are in one version of containerd's configuration. */
interface Layout {
  /** Id of the plugin with the runtime handlers. */
  readonly runtime: string;
  /** Path of the table with settings of pulls; its plugin is that of `pause`. */
  readonly pulls: readonly [string, ...string[]];
  /** Path of the table with a snapshotter for each handler, which pulls read, if it is not that of the handlers. */
  readonly platforms?: readonly [string, ...string[]];
  /** Path of the setting for the pause image. */
  readonly pause: readonly [string, string, ...string[]];
}

/**
 * Where CRI's settings are, by version of containerd's configuration; the last entry also holds for later versions.
 * Source: containerd's docs/cri/config.md and docs/PLUGINS.md.
 */
const LAYOUTS: readonly [Layout, Layout, Layout] = [
  { runtime: 'cri', pause: ['cri', 'sandbox_image'], pulls: ['cri', 'containerd'] },
  {
    runtime: 'io.containerd.grpc.v1.cri',
    pause: ['io.containerd.grpc.v1.cri', 'sandbox_image'],
    pulls: ['io.containerd.grpc.v1.cri', 'containerd'],
  },
  {
    runtime: 'io.containerd.cri.v1.runtime',
    pause: ['io.containerd.cri.v1.images', 'pinned_images', 'sandbox'],
    pulls: ['io.containerd.cri.v1.images'],
    platforms: ['io.containerd.cri.v1.images', 'runtime_platforms'],
  },
];

/** Version of a configuration file that set-up creates: every containerd since 1.3 reads it. */
const NEW_FILE_VERSION = 2;

/** Pattern of the ids of the plugins that CRI consists of, in version 1 and in later versions of the configuration. */
const CRI_PLUGIN = /^(cri|io\.containerd\.(grpc\.v1\.cri|cri\.v1\..+|podsandbox\.controller\.v1\..+))$/;

/** containerd's default runtime. Source: containerd's docs/cri/config.md. */
const RUNC = { name: 'runc', type: 'io.containerd.runc.v2' } as const;

/** Pod annotations that containerd passes to the runtime, such as a sandbox's own kernel parameters. */
const ANNOTATIONS = ['io.katacontainers.*'];

/**
 * Container annotations that containerd passes to the runtime: without them, no termination message of a guest that shares no file system with
 * the host reaches the kubelet. Source: src/runtime/containerd.rs of kata-deploy.
 */
const CONTAINER_ANNOTATIONS = ['io.kubernetes.container.terminationMessage*'];

/** The snapshotter of the handler `kata`: containerd's default, or a proxy plugin. */
export type HandlerSnapshotter = 'default' | ProxySnapshotter;

/** A snapshotter that is another process. */
export interface ProxySnapshotter {
  /** Name of the plugin in containerd. */
  readonly name: string;
  /** Path of its gRPC socket. */
  readonly socket: string;
  /** Directory of its snapshots, in which containerd measures the use of the disk. */
  readonly root: string;
}

/** What {@link configureContainerd} sets besides the handler. */
interface ConfigureOptions {
  readonly pauseImage?: string | undefined;
  /** If absent, the handler's snapshotter stays as it is. */
  readonly snapshotter?: HandlerSnapshotter | undefined;
}

/**
 * Edits containerd's configuration: enables CRI, adds the handler `kata` for the Kata installed here, and sets the
 * pause image. `files` are the main file and its imports, in the order containerd reads them. Returns the files that
 * change, with comments and all other settings kept. Throws {@link ConfigError} for a file that containerd rejects or
 * reads differently.
 */
export function configureContainerd(
  files: readonly ConfigFile[],
  { pauseImage, snapshotter }: ConfigureOptions,
): readonly ConfigFile[] {
  const [main, ...imported] = files.map(parsed);
  if (main === undefined) return [];
  const version = Object.keys(main.document).length === 0 ? NEW_FILE_VERSION : versionOf(main, 1);
  const all: readonly Parsed[] = [
    { ...main, layout: layoutOf(version) },
    ...imported.map((file) => ({ ...file, layout: layoutOf(versionOf(file, version)) })),
  ];
  for (const file of all) rejectOtherAddress(file);
  // A later file takes precedence: containerd 1.x replaces a plugin's whole table, 2.x merges the tables.
  const last = (plugin: (layout: Layout) => string): Parsed | undefined =>
    all.findLast(({ document, layout }) => isTable(valueAt(document, ['plugins', plugin(layout)]))) ?? all[0];
  const [withRuntimes, withPause] = [last(({ runtime }) => runtime), last(({ pause }) => pause[0])];
  return all.flatMap((file) => {
    const edits = [
      ...(file.path === main.path && version !== versionOf(main, 1) ? [setting(['version'], version)] : []),
      ...enableCri(file),
      ...(file === withRuntimes ? [...handlerEdits(file), ...snapshotterEdits(file, snapshotter)] : []),
      ...(file === withPause ? pullEdits(file, snapshotter) : []),
      ...(file.path === main.path ? proxyEdits(snapshotter) : []),
      ...(file === withPause && pauseImage !== undefined
        ? [setting(['plugins', ...file.layout.pause], pauseImage)]
        : []),
    ];
    // containerd 2 does not read a file that begins with a byte order mark.
    const text = attributed(file, () => editToml(file.text.replace(/^\uFEFF/, ''), edits));
    return text === file.text ? [] : [{ path: file.path, text }];
  });
}

/** Entries of `disabled_plugins` that disable CRI. Docker's package disables `cri`. */
export function disabledCriPlugins(file: ConfigFile): readonly string[] {
  return stringsAt(parsed(file).document, 'disabled_plugins').filter((plugin) => CRI_PLUGIN.test(plugin));
}

interface Parsed extends ConfigFile {
  readonly document: TomlTable;
  readonly layout: Layout;
}

function parsed(file: ConfigFile): Parsed {
  return { ...file, document: attributed(file, () => parseToml(file.text)), layout: LAYOUTS[0] };
}

function attributed<T>({ path }: ConfigFile, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ConfigError(`${path}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The version of a configuration file. A file without a version has the version of the file that imports it; a main
 * file without one has version 1.
 */
function versionOf({ document, path }: Parsed, otherwise: number): number {
  const version = document['version'] ?? otherwise;
  if (typeof version === 'number' && Number.isInteger(version) && version >= 0) return Math.max(version, 1);
  throw new ConfigError(`${path}: version = ${JSON.stringify(version)}: expected a whole number, as in version = 2`);
}

function layoutOf(version: number): Layout {
  return LAYOUTS[version - 1] ?? LAYOUTS[2];
}

function setting(path: TomlEdit['path'], value: TomlEdit['value']): TomlEdit {
  return { path, value, add: true };
}

function enableCri(file: Parsed): readonly TomlEdit[] {
  const disabled = disabledCriPlugins(file);
  if (disabled.length === 0) return [];
  const rest = stringsAt(file.document, 'disabled_plugins').filter((plugin) => !disabled.includes(plugin));
  return [setting(['disabled_plugins'], rest)];
}

function handlerEdits({ document, layout }: Parsed): readonly TomlEdit[] {
  const containerd = ['plugins', layout.runtime, 'containerd'] as const;
  const handler = [...containerd, 'runtimes', KATA_HANDLER] as const;
  const defaultName = valueAt(document, [...containerd, 'default_runtime_name']) ?? RUNC.name;
  const needsRunc =
    defaultName === RUNC.name && valueAt(document, [...containerd, 'runtimes', RUNC.name]) === undefined;
  return [
    // runc becomes the default runtime: containerd 1.x has no built-in default once another runtime is configured, and
    // CRI does not start without a default.
    ...(needsRunc ? [setting([...containerd, 'runtimes', RUNC.name, 'runtime_type'], RUNC.type)] : []),
    setting([...handler, 'runtime_type'], KATA_RUNTIME),
    setting([...handler, 'privileged_without_host_devices'], true),
    setting([...handler, 'pod_annotations'], (now) => [...new Set([...strings(now), ...ANNOTATIONS])]),
    setting([...handler, 'container_annotations'], (now) => [...new Set([...strings(now), ...CONTAINER_ANNOTATIONS])]),
    // Settings of an existing handler are emptied: they may name another Kata's shim and configuration.
    { path: [...handler, 'runtime_path'], value: undefined },
    { path: [...handler, 'options', 'ConfigPath'], value: undefined },
  ];
}

/** The edits that give the handler `kata` a snapshotter. */
function snapshotterEdits({ layout }: Parsed, snapshotter: HandlerSnapshotter | undefined): readonly TomlEdit[] {
  return choice(['plugins', layout.runtime, 'containerd', 'runtimes', KATA_HANDLER, 'snapshotter'], snapshotter);
}

/**
 * The edits that make CRI pull images of the handler `kata` with its snapshotter, and tell the snapshotter which image a layer belongs to. Source:
 * src/artifacts/snapshotters.rs of kata-deploy.
 */
function pullEdits({ layout }: Parsed, snapshotter: HandlerSnapshotter | undefined): readonly TomlEdit[] {
  const { platforms, pulls } = layout;
  const named = platforms && choice(['plugins', ...platforms, KATA_HANDLER, 'snapshotter'], snapshotter);
  const annotated = ['plugins', ...pulls, 'disable_snapshot_annotations'] as const;
  const isProxy = snapshotter !== undefined && snapshotter !== 'default';
  return [...(named ?? []), ...(isProxy ? [setting(annotated, false)] : [])];
}

function choice(path: TomlEdit['path'], snapshotter: HandlerSnapshotter | undefined): readonly TomlEdit[] {
  if (snapshotter === undefined) return [];
  return snapshotter === 'default' ? [{ path, value: undefined }] : [setting(path, snapshotter.name)];
}

/** The edits that add a proxy plugin; one of an earlier run stays, until the installation is undone. */
function proxyEdits(snapshotter: HandlerSnapshotter | undefined): readonly TomlEdit[] {
  if (snapshotter === undefined || snapshotter === 'default') return [];
  const { name, root, socket } = snapshotter;
  const plugin = ['proxy_plugins', name] as const;
  return [
    setting([...plugin, 'type'], 'snapshot'),
    setting([...plugin, 'address'], socket),
    setting([...plugin, 'exports', 'root'], root),
  ];
}

/**
 * Throws if containerd listens on another address than its default socket: set-up connects to that socket, and would
 * not reach the containerd that it configures.
 */
function rejectOtherAddress({ document, path }: Parsed): void {
  const expected = [
    [['grpc', 'address'], CONTAINERD.socket],
    [['plugins', 'io.containerd.server.v1.grpc', 'address'], CONTAINERD.socket],
    [['state'], CONTAINERD.state],
  ] as const;
  for (const [key, value] of expected) {
    const now = valueAt(document, key) ?? value;
    if (now === value || now === '') continue;
    throw new ConfigError(`${path}: ${tomlPath(key)} = ${JSON.stringify(now)}: expected ${JSON.stringify(value)}`);
  }
}

function stringsAt(document: TomlTable, key: string): readonly string[] {
  return strings(document[key]);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
