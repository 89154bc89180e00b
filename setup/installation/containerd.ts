import { readFile } from 'node:fs/promises';
import { containerdReady } from '../../helpers/containerd.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { run } from '../../helpers/exec.ts';
import { fileExists } from '../../helpers/files.ts';
import type { ContainerdEndpoint } from '../../helpers/target.ts';
import { CONTAINERD_CONFIG, configureContainerd } from './containerd-config.ts';
import type { Installation } from './installation.ts';
import { SYSTEMD } from './systemd.ts';

/** Where containerd answers. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** This machine's containerd. */
export const CONTAINERD: ContainerdEndpoint = {
  socket: CONTAINERD_SOCKET,
  initPid: 1,
  state: '/run/containerd',
};

const EMPTY = 'version = 2\n';

/** Gives this machine's containerd the runtime class `kata`; it is started again when that changed anything. */
export async function installContainerdConfig(
  installation: Installation,
  options: {
    readonly pauseImage?: string | undefined;
    readonly say: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { pauseImage, say, signal } = options;
  const now = (await fileExists(CONTAINERD_CONFIG)) ? await readFile(CONTAINERD_CONFIG, 'utf8') : EMPTY;
  const wanted = configureContainerd(now, { pauseImage });
  if (wanted === now) return;
  const systemd = await fileExists(SYSTEMD);
  // Undone, it is to forget the runtime class too.
  if (systemd) await installation.defer(['systemctl', 'try-restart', 'containerd']);
  const diff = await run(['diff', '--unified', CONTAINERD_CONFIG, '-'], { input: wanted, okCodes: [0, 1, 2], signal });
  say(diff.stdout.trimEnd());
  await installation.write(CONTAINERD_CONFIG, wanted);
  if (!systemd) {
    throw new ProvisionError(
      'containerd',
      `${CONTAINERD_CONFIG} was changed and there is no systemd: start containerd again, and then this`,
    );
  }
  say('starting containerd again');
  await run(['systemctl', 'restart', 'containerd'], { signal });
  await containerdReady(CONTAINERD_SOCKET, signal);
}
