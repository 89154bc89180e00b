import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { fileExists } from '../files.ts';
import { poll } from '../poll.ts';
import { logTail, spawnDaemon } from '../process/daemon.ts';
import type { Address } from '../vsock/address.ts';
import { servesQueues } from './vhost-queues.ts';
import type { VsockDevice } from './vm-config.ts';

/** The kind of vsock backend this machine offers. `program` is a path of vhost-device-vsock. */
export type VsockProvider =
  | { readonly kind: 'vhost-vsock' }
  | { readonly kind: 'vhost-user'; readonly program: string };

/** The vsock backend of one guest, ready for the device to be added. Disposing ends its process. */
export interface VsockBackend extends AsyncDisposable {
  readonly device: VsockDevice;
  /** Address of a guest's vsock port. */
  at(port: number): Address;
  /**
   * Whether the guest's vsock driver is ready for connections. A connection to vhost-device-vsock 0.3.0 while it sets
   * up the guest's queues ends the thread that serves them, silently and for good. The kernel's vhost-vsock makes such
   * a connection wait.
   */
  connectable(): Promise<boolean>;
}

/** Range of random vsock CIDs. CIDs up to 2 are reserved; people and other tools choose low ones. */
const CIDS = { from: 0x1_00_00, to: 0x7f_ff_ff_ff } as const;
/**
 * The vsock CID of every guest behind vhost-device-vsock: each process serves one guest, so all guests can have the
 * same CID.
 */
const ONLY_CID = 3;

const START_TIMEOUT_MS = 5_000;

/** Creates one guest's vsock backend. With `vhost-vsock` the CID may be in use: QEMU then fails, see {@link cidIsTaken}. */
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

/** Whether QEMU failed because another guest of this machine uses the vsock CID. Source: hw/virtio/vhost-vsock.c. */
export function cidIsTaken(qemuLog: string): boolean {
  return /vhost-vsock: unable to set guest cid: Address already in use/i.test(qemuLog);
}
