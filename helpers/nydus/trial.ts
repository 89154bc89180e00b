import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { poll } from '../poll.ts';
import { logTail, spawnDaemon } from '../process/daemon.ts';
import { acceptsConnections } from '../process/unix-sockets.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { nydusConfig } from './configuration.ts';
import { type NydusPrograms, nydusCommand } from './snapshotter.ts';

/** Starts a nydus-snapshotter in a temporary directory. Throws {@link HarnessError} if it does not answer on its socket in time. */
export async function tryNydus(
  programs: NydusPrograms,
  { signal, timeoutMs }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<void> {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-nydus-'), async (directory) => {
    const socket = join(directory, 'nydus.sock');
    const config = join(directory, 'config.toml');
    await writeFile(config, nydusConfig({ root: join(directory, 'root'), socket }, programs));
    await using daemon = await spawnDaemon(nydusCommand(programs, config), { logFile: join(directory, 'log') });
    const fail = async (what: string, cause?: unknown): Promise<never> => {
      const last = (await logTail(daemon)).split('\n').at(-1) ?? '';
      throw new HarnessError('nydus', `it ${what}${last === '' ? '' : `: ${last}`}`, { cause });
    };
    const answers = async (): Promise<boolean | undefined> =>
      daemon.exit === undefined ? (await acceptsConnections(socket)) || undefined : false;
    const up = await poll('nydus-snapshotter listening', answers, { timeoutMs, intervalMs: 20, signal }).catch(
      (cause: unknown) => fail(`does not answer on its socket within ${timeoutMs / 1_000} s`, cause),
    );
    if (!up) await fail('ends when it is started in proxy mode');
  });
}
