import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Address } from '../address.ts';
import { logTail, spawnDaemon } from '../daemon.ts';
import { HarnessError } from '../errors.ts';
import { fileExists } from '../files.ts';
import { poll } from '../poll.ts';
import { servesQueues } from './vhost-queues.ts';
import type { VsockDevice } from './vm-config.ts';

/** What gives guests their vsock on this machine. `program` is a vhost-device-vsock. */
export type VsockProvider =
  | { readonly kind: 'vhost-vsock' }
  | { readonly kind: 'vhost-user'; readonly program: string };

/** One guest's vsock, ready to be plugged in. Disposing ends what serves it. */
export interface VsockBackend extends AsyncDisposable {
  readonly device: VsockDevice;
  /** Where a port of the guest is reached. */
  at(port: number): Address;
  /**
   * Whether its driver is so far that the guest can be connected to. Whoever connects to a vhost-device-vsock (0.3.0) while it
   * is told of the guest's queues ends the thread that serves them: without a word, and for good. A kernel's vhost-vsock has
   * such a connection wait.
   */
  connectable(): Promise<boolean>;
}

/** CIDs up to 2 have a meaning of their own; low ones are what people and other tools choose. */
const CIDS = { from: 0x1_00_00, to: 0x7f_ff_ff_ff } as const;
/** Inside a vhost-device-vsock there is one guest only: any CID does. */
const ONLY_CID = 3;

const START_TIMEOUT_MS = 5_000;

/** Makes a vsock for one guest. With `vhost-vsock` the CID may be taken: QEMU finds out, see {@link cidIsTaken}. */
export async function openVsock(provider: VsockProvider, dir: string, signal?: AbortSignal): Promise<VsockBackend> {
  if (provider.kind === 'vhost-vsock') {
    const cid = randomInt(CIDS.from, CIDS.to);
    return {
      device: { kind: 'vhost-vsock', cid },
      at: (port) => ({ kind: 'vsock', cid, port }),
      connectable: async () => true,
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const socket = join(dir, 'vhost.sock');
  const path = join(dir, 'vsock.sock');
  const daemon = await spawnDaemon(
    [provider.program, '--guest-cid', String(ONLY_CID), '--socket', socket, '--uds-path', path],
    { logFile: join(dir, 'vhost-device-vsock.log') },
  );
  try {
    const up = async (): Promise<boolean | undefined> => {
      if (daemon.exit !== undefined) return false;
      return (await fileExists(socket)) || undefined;
    };
    const options = { timeoutMs: START_TIMEOUT_MS, intervalMs: 2, signal };
    if (!(await poll('vhost-device-vsock listening', up, options))) {
      throw new HarnessError('qemu', `vhost-device-vsock ended: ${await logTail(daemon)}`);
    }
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
  return {
    device: { kind: 'vhost-user', socket },
    at: (port) => ({ kind: 'hvsock', path, port }),
    connectable: () => servesQueues(daemon.pid),
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

/** Whether QEMU ended because another guest of this machine has the CID. Source: hw/virtio/vhost-vsock.c. */
export function cidIsTaken(qemuLog: string): boolean {
  return /vhost-vsock: unable to set guest cid: Address already in use/i.test(qemuLog);
}
