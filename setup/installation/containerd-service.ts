import { criReady } from '../../helpers/containerd/cri-runtime.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { KATA_HANDLER } from '../../helpers/kata/names.ts';
import { run } from '../../helpers/process/exec.ts';
import { type ConfigFile, configureContainerd, disabledCriPlugins } from './containerd-config.ts';
import { CONTAINERD_SOCKET } from './containerd-endpoint.ts';
import { readContainerdConfig } from './containerd-files.ts';
import type { Installation } from './installation.ts';
import { SYSTEMD } from './systemd.ts';

/** Path of containerd's configuration file. */
const CONTAINERD_CONFIG = '/etc/containerd/config.toml';
const RESTART_TIMEOUT_MS = 120_000;
const LOG = ['journalctl', '--unit', 'containerd', '--lines', '100', '--no-pager', '--output', 'cat'];
const LOG_LINES = 10;

/** Settings of containerd's configuration that set-up chooses. */
export interface ContainerdOptions {
  /** Reference of the pause image; containerd's default if absent. */
  readonly pauseImage?: string | undefined;
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
  /** Command that runs after the installation is undone, so that containerd drops the handler `kata`. */
  readonly afterUndo?: readonly string[];
}

/** Adds the handler `kata` to this machine's containerd, and restarts it if its configuration changed. */
export async function installContainerdConfig(installation: Installation, options: ContainerdOptions): Promise<void> {
  const service = {
    config: CONTAINERD_CONFIG,
    ready: (signal: AbortSignal) => criReady(CONTAINERD_SOCKET, { handler: KATA_HANDLER, signal }),
  };
  const bySystemd = {
    restart: () => run(['systemctl', 'restart', 'containerd'], { timeoutMs: RESTART_TIMEOUT_MS }),
    log: async () => problemsIn((await run(LOG)).stdout),
    afterUndo: ['systemctl', 'try-restart', 'containerd'],
  };
  const systemd = await fileExists(SYSTEMD);
  await applyContainerdConfig(installation, options, { ...service, ...(systemd ? bySystemd : {}) });
}

/**
 * Edits the configuration of a containerd, restarts it, and waits until CRI has the handler `kata`. If that fails, it
 * restores the files byte for byte, restarts containerd with them, and throws {@link ProvisionError} with containerd's
 * log.
 */
export async function applyContainerdConfig(
  installation: Installation,
  { pauseImage, say, signal }: ContainerdOptions,
  { afterUndo, config, log, ready, restart }: ContainerdService,
): Promise<void> {
  const files = await readContainerdConfig(config);
  const changes = configureContainerd(files, { pauseImage });
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
  if (changes.length > 0 && afterUndo !== undefined) await installation.defer(afterUndo);
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
