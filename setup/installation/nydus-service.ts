import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { fileExists, readIfThere } from '../../helpers/files.ts';
import { nydusConfig } from '../../helpers/nydus/configuration.ts';
import {
  NYDUS_PROGRAMS,
  NYDUS_SNAPSHOTTER,
  type NydusPlaces,
  nydusCommand,
  nydusIn,
} from '../../helpers/nydus/snapshotter.ts';
import { poll } from '../../helpers/poll.ts';
import { run } from '../../helpers/process/exec.ts';
import { acceptsConnections } from '../../helpers/process/unix-sockets.ts';
import { digestOf } from '../engine/digest.ts';
import type { ConfigFile } from './containerd-config.ts';
import type { Installation } from './installation.ts';
import { RELOAD, SYSTEM_UNITS, SYSTEMD } from './systemd.ts';
import { undoScript } from './undo-script.ts';

/** Directory on this machine for the programs of nydus-snapshotter and its configuration. */
const PROGRAMS_DIRECTORY = '/opt/kata-cc/nydus';
const PROGRAMS = nydusIn(PROGRAMS_DIRECTORY);
const CONFIG = join(PROGRAMS_DIRECTORY, 'config.toml');

/** Where the installed nydus-snapshotter keeps its snapshots and listens. */
export const NYDUS_PLACES: NydusPlaces = {
  root: `/var/lib/${NYDUS_SNAPSHOTTER}`,
  socket: `/run/${NYDUS_SNAPSHOTTER}/containerd-nydus-grpc.sock`,
};

/** Name of its unit, without `.service`. */
export const NYDUS_UNIT = NYDUS_SNAPSHOTTER;
const UNIT = join(SYSTEM_UNITS, `${NYDUS_UNIT}.service`);
/** Link by which containerd's unit starts the snapshotter too. Source: systemd.unit(5). */
const WANTED = join(SYSTEM_UNITS, 'containerd.service.wants', `${NYDUS_UNIT}.service`);

/** How long the snapshotter may take to listen, in milliseconds: in an emulated dev VM it takes seconds. */
const ANSWER_TIMEOUT_MS = 60_000;
const LOG = ['journalctl', '--unit', NYDUS_UNIT, '--lines', '10', '--no-pager', '--output', 'cat'];

/** The files that start a nydus-snapshotter. `digest` is that of its program: another one makes a restart necessary. */
export function nydusFiles(digest: string): readonly ConfigFile[] {
  const unit = [
    `# ${digest}`,
    '[Unit]',
    'Description=nydus-snapshotter in proxy mode',
    'Before=containerd.service',
    '[Service]',
    `ExecStart=${nydusCommand(PROGRAMS, CONFIG).join(' ')}`,
    'Restart=always',
    // systemd removes the runtime directory when the service stops; the undo of the installation removes the other one.
    `RuntimeDirectory=${NYDUS_SNAPSHOTTER}`,
    `StateDirectory=${NYDUS_SNAPSHOTTER}`,
    '',
  ];
  return [
    { path: CONFIG, text: nydusConfig(NYDUS_PLACES, PROGRAMS) },
    { path: UNIT, text: unit.join('\n') },
  ];
}

/**
 * Installs the nydus-snapshotter of a directory as a service of this machine, and waits until it answers. Throws {@link ProvisionError} with
 * the end of its log if it does not.
 */
export async function installNydus(
  installation: Installation,
  directory: string,
  { say, signal }: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  if (!(await fileExists(SYSTEMD))) {
    throw new ProvisionError(
      'nydus',
      'KATA_PULL=nydus: no systemd runs here to start nydus-snapshotter; unset KATA_PULL',
    );
  }
  // The undo runs these last first: the unit is stopped while its file is there, and systemd forgets it afterwards.
  await installation.defer(RELOAD);
  await installation.defer(['rm', '--recursive', '--force', NYDUS_PLACES.root]);
  for (const name of NYDUS_PROGRAMS) {
    await installation.copy(await realpath(join(directory, name)), join(PROGRAMS_DIRECTORY, name));
  }
  const files = nydusFiles(await digestOf(PROGRAMS.snapshotter));
  const texts = await Promise.all(files.map(({ path }) => readIfThere(path)));
  const changed = files.some(({ text }, index) => texts[index] !== text);
  for (const { path, text } of files) await installation.write(path, text);
  await installation.link(WANTED, UNIT);
  await installation.defer(['systemctl', 'stop', NYDUS_UNIT]);
  const listens = (): Promise<boolean> => acceptsConnections(NYDUS_PLACES.socket);
  if (!changed && (await listens())) return;
  say('starting nydus-snapshotter');
  try {
    await run(RELOAD);
    await run(['systemctl', 'restart', NYDUS_UNIT], { signal });
    const up = async (): Promise<true | undefined> => (await listens()) || undefined;
    await poll('nydus-snapshotter listening', up, { timeoutMs: ANSWER_TIMEOUT_MS, intervalMs: 100, signal });
  } catch (cause) {
    signal.throwIfAborted();
    const log = (await run(LOG)).stdout.trimEnd();
    throw new ProvisionError('nydus', `KATA_PULL=nydus: ${messageOf(cause)}\n${log}`, { cause });
  }
}

/**
 * Registers the removal of everything that containerd has of the snapshotter; to call when containerd knows it, before it is used. Without that,
 * containerd would later expect snapshots that a new nydus-snapshotter does not have.
 */
export async function removeSnapshotsAtUndo(installation: Installation): Promise<void> {
  await installation.defer(undoScript('setup/installation/nydus-snapshots-command.ts'));
}
