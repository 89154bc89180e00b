import { createConnection, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HarnessError, messageOf, TimeoutError } from '../errors.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import { connectPort } from './hybrid.ts';
import { bridge } from './socat.ts';

/** Timeout of a connection attempt, and the signal that aborts it. */
export interface DialOptions {
  /** Timeout of the connection attempt in milliseconds; 5 s by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Opens a byte stream to `address`. Node.js cannot open AF_VSOCK, so `vsock://` goes through socat, one process per
 * connection, which ends with the stream and with this process. Rejects with the address and the cause: {@link
 * TimeoutError}, or {@link HarnessError} `dial`.
 */
export async function dial(target: Address | string, options: DialOptions = {}): Promise<Duplex> {
  const address = typeof target === 'string' ? parseAddress(target) : target;
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  const name = formatAddress(address);
  const deadline = AbortSignal.timeout(timeoutMs);
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    return await open(address, stop);
  } catch (cause) {
    if (deadline.aborted && !signal?.aborted)
      throw new TimeoutError(`${name}: no connection within ${timeoutMs} ms`, { cause });
    throw new HarnessError('dial', `${name}: ${messageOf(cause)}`, { cause });
  }
}

async function open(address: Address, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  switch (address.kind) {
    case 'unix':
      return connectSocket(address.path, signal);
    case 'hvsock': {
      const socket = await connectSocket(address.path, signal);
      try {
        await connectPort(socket, address.port, signal);
      } catch (error) {
        socket.destroy();
        throw error;
      }
      return socket;
    }
    case 'vsock':
      return bridge(['socat', '-', `VSOCK-CONNECT:${address.cid}:${address.port}`], signal);
  }
}

function connectSocket(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const onAbort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const resolveConfig = (finish: () => void) => (): void => {
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    socket.once(
      'connect',
      resolveConfig(() => resolve(socket.off('error', reject))),
    );
    socket.once('error', reject);
    socket.once(
      'close',
      resolveConfig(() => reject(new HarnessError('dial', 'closed before it was connected'))),
    );
  });
}
