import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { criReady } from '../../helpers/containerd/cri-runtime.ts';
import { CTR_NAMESPACE } from '../../helpers/containerd/ctr.ts';
import { CONTAINERD_PROGRAMS } from '../../helpers/containerd/programs.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { fileExists, readIfThere } from '../../helpers/files.ts';
import { KATA_HANDLER } from '../../helpers/kata/names.ts';
import { run } from '../../helpers/process/exec.ts';
import { digestOf } from '../engine/digest.ts';
import {
  type ConfigFile,
  configureContainerd,
  disabledCriPlugins,
  type HandlerSnapshotter,
} from './containerd-config.ts';
import { removeContentAtUndo } from './containerd-content.ts';
import { CONTAINERD_SOCKET } from './containerd-endpoint.ts';
import { readContainerdConfig } from './containerd-files.ts';
import {
  DROP_IN,
  distroContainerdUnit,
  INSTALLED_PROGRAMS,
  ownContainerdUnit,
  PROGRAMS_DIRECTORY,
} from './containerd-programs.ts';
import type { Installation } from './installation.ts';
import { removeRemnantsAtUndo } from './remnants.ts';
import { RELOAD, SYSTEMD } from './systemd.ts';

/** Path of containerd's configuration file. */
const CONTAINERD_CONFIG = '/etc/containerd/config.toml';
const RESTART_TIMEOUT_MS = 120_000;
const LOG = ['journalctl', '--unit', 'containerd', '--lines', '100', '--no-pager', '--output', 'cat'];
const LOG_LINES = 10;

/** Settings of containerd's configuration that set-up chooses. */
export interface ContainerdOptions {
  /** Reference of the pause image; containerd's default if absent. */
  readonly pauseImage?: string | undefined;
  /** Snapshotter of the handler `kata`, a proxy plugin, or `default` for containerd's; if absent, the setting stays as it is. */
  readonly snapshotter?: HandlerSnapshotter | undefined;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A containerd that reads its configuration when it restarts. */
export interface ContainerdService {
  /** Path of the service's configuration file. */
  readonly config: string;
  /** Restarts the service; absent if no service manager runs it. */
  readonly restart?: () => Promise<unknown>;
  /** Resolves when CRI answers and has the handler `kata`. */
  readonly ready: (signal: AbortSignal) => Promise<unknown>;
  /** Returns the end of the service's log. */
  readonly log?: () => Promise<string>;
  /** Other files that the service reads when it restarts; those whose text is there already are left alone. */
  readonly files?: readonly ConfigFile[];
  /** Commands that run after the installation is undone, last first, so that containerd drops the handler `kata`. */
  readonly afterUndo?: readonly (readonly string[])[];
}

/** Which containerd to configure. */
interface InstallOptions extends ContainerdOptions {
  /**
   * The containerd to run until the installation is undone: `distro`, or the directory of one that replaces the distribution's. If absent, the
   * one that the unit starts now.
   */
  readonly programs?: string;
}

/**
 * Adds the handler `kata` to this machine's containerd, and restarts it if its configuration changed. `programs` chooses which
 * containerd the unit starts.
 */
export async function installContainerdConfig(
  installation: Installation,
  { programs, ...options }: InstallOptions,
): Promise<void> {
  const service = {
    config: CONTAINERD_CONFIG,
    ready: (signal: AbortSignal) => criReady(CONTAINERD_SOCKET, { handler: KATA_HANDLER, signal }),
  };
  const bySystemd = {
    restart: async () => {
      await run(RELOAD);
      await run(['systemctl', 'restart', 'containerd'], { timeoutMs: RESTART_TIMEOUT_MS });
    },
    log: async () => problemsIn((await run(LOG)).stdout),
    // One command: the installation of another unit registers the reload alone, and a command that is registered twice runs once.
    afterUndo: [['sh', '-c', 'systemctl daemon-reload && systemctl try-restart containerd']],
  };
  const systemd = await fileExists(SYSTEMD);
  if (!systemd && programs !== undefined && programs !== 'distro') {
    throw new ProvisionError(
      'containerd',
      `KATA_CONTAINERD: no systemd runs containerd here; start the containerd in ${programs} yourself, and unset KATA_CONTAINERD`,
    );
  }
  const files = await unitFiles(installation, programs);
  await removeRemnantsAtUndo(installation, 'kata');
  await applyContainerdConfig(installation, options, { ...service, ...(systemd ? { ...bySystemd, files } : {}) });
  await removeContentAtUndo(installation, { namespace: CTR_NAMESPACE });
}

/** The files with which the unit starts a containerd. */
async function unitFiles(installation: Installation, programs: string | undefined): Promise<readonly ConfigFile[]> {
  if (programs === undefined) return [];
  if (programs !== 'distro') return [await installPrograms(installation, programs)];
  // Without a drop-in of an earlier run, the unit starts the distribution's.
  return (await fileExists(DROP_IN)) ? [distroContainerdUnit()] : [];
}

/** Copies a containerd to this machine. Returns the drop-in with which its unit starts that. */
async function installPrograms(installation: Installation, directory: string): Promise<ConfigFile> {
  for (const name of CONTAINERD_PROGRAMS) {
    // A link would lead from there to somewhere else.
    await installation.copy(await realpath(join(directory, name)), join(PROGRAMS_DIRECTORY, name));
  }
  return ownContainerdUnit(await digestOf(INSTALLED_PROGRAMS.containerd));
}

/**
 * Edits the configuration of a containerd, restarts it, and waits until CRI has the handler `kata`. If that fails, it
 * restores the files byte for byte, restarts containerd with them, and throws {@link ProvisionError} with containerd's
 * log.
 */
export async function applyContainerdConfig(
  installation: Installation,
  { pauseImage, say, signal, snapshotter }: ContainerdOptions,
  { afterUndo = [], config, files: others = [], log, ready, restart }: ContainerdService,
): Promise<void> {
  const files = await readContainerdConfig(config);
  const changes = [...configureContainerd(files, { pauseImage, snapshotter }), ...(await changed(others))];
  for (const file of files) {
    const disabled = disabledCriPlugins(file);
    if (disabled.length > 0)
      say(`${file.path} disables CRI (${disabled.join(', ')}): enabled until the installation is undone`);
  }
  for (const change of changes) say(await difference(change));
  if (restart === undefined) {
    for (const { path, text } of changes) await installation.write(path, text);
    if (changes.length === 0) await ready(signal);
    else
      throw new ProvisionError(
        'containerd',
        `${pathsOf(changes)} changed: restart containerd and run the command again`,
      );
    return;
  }
  // Whether containerd must be restarted even if the file is unchanged: a killed run may have edited the file without
  // restarting containerd.
  if (changes.length === 0 && (await answers(() => ready(signal)))) return;
  signal.throwIfAborted();
  if (changes.length > 0) for (const command of afterUndo) await installation.defer(command);
  say('restarting containerd');
  try {
    await installation.attempt(changes, async () => {
      await restart();
      await ready(signal);
    });
  } catch (cause) {
    const said = [messageOf(cause), (await log?.())?.trimEnd() ?? ''];
    const again = await restart().then(
      () => 'containerd runs with the previous configuration',
      (error: unknown) => `containerd does not start with the previous configuration either: ${messageOf(error)}`,
    );
    signal.throwIfAborted();
    const restored = changes.length > 0 ? `${pathsOf(changes)} restored, ${again}` : again;
    const remedy =
      '`containerd config default` prints the newest version of a configuration that this containerd reads';
    throw new ProvisionError('containerd', [...said, restored, remedy].join('\n'), { cause });
  }
}

/** The files whose text is not there already. */
async function changed(files: readonly ConfigFile[]): Promise<readonly ConfigFile[]> {
  const texts = await Promise.all(files.map(({ path }) => readIfThere(path)));
  return files.filter(({ text }, index) => texts[index] !== text);
}

/** The last lines of containerd's log, without those of levels debug and info. */
function problemsIn(log: string): string {
  const lines = log.split('\n').filter((line) => line !== '' && !/\blevel=(debug|info)\b/.test(line));
  return lines.slice(-LOG_LINES).join('\n');
}

async function answers(ready: () => Promise<unknown>): Promise<boolean> {
  try {
    await ready();
    return true;
  } catch {
    return false;
  }
}

/** A diff of a configuration file that has only the changed lines: the other lines may contain registry passwords. */
async function difference({ path, text }: ConfigFile): Promise<string> {
  const options = { input: text, okCodes: [0, 1] };
  return (await run(['diff', '--unified=0', '--new-file', path, '-'], options)).stdout.trimEnd();
}

function pathsOf(files: readonly ConfigFile[]): string {
  return files.map(({ path }) => path).join(', ');
}
