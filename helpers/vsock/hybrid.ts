import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ProtocolError } from '../errors.ts';

/** Longest accepted line of the hybrid-vsock handshake, in bytes; `OK 4294967295\n` has 14. */
const MAX_LINE = 64;

/**
 * Connects to a port through the multiplexer behind a connected unix socket: `CONNECT port\n`, answered with `OK n\n`.
 * Resolves when the stream is connected to the port's listener. Has no timeout of its own; `signal` ends the wait.
 * Source: Firecracker's vsock.md, and the same text in Cloud Hypervisor and vhost-device-vsock.
 */
export async function connectPort(stream: Duplex, port: number, signal: AbortSignal): Promise<void> {
  stream.write(`CONNECT ${port}\n`);
  const line = await readLine(stream, signal);
  if (line === undefined)
    throw new ProtocolError('hybrid-vsock', `nothing listens on port ${port}: the connection was closed`);
  if (!/^OK \d+$/.test(line)) {
    throw new ProtocolError(
      'hybrid-vsock',
      `asked for port ${port}, answered ${JSON.stringify(line)} instead of "OK <port>"`,
    );
  }
}

/**
 * Listens on a unix socket and passes each connection to the handler of the requested port. Like vhost-device-vsock, it
 * closes the connection without an answer for a port without a handler and for an invalid first line.
 */
export async function listenHybridVsock(
  path: string,
  ports: Readonly<Record<number, (stream: Socket) => void>>,
): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    readLine(socket, AbortSignal.timeout(HANDSHAKE_MS)).then(
      (line) => {
        const [, port] = /^CONNECT (\d{1,10})$/.exec(line ?? '') ?? [];
        const handler = port === undefined ? undefined : ports[Number(port)];
        if (!handler) return void socket.destroy();
        socket.write(`OK ${port}\n`);
        handler(socket);
      },
      () => socket.destroy(),
    );
  });
  await once(server.listen(path), 'listening');
  await chmod(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(path, { force: true });
    },
  };
}

/** Timeout for a client's CONNECT line, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/**
 * The first line of a stream, without its newline; later data stays in the stream. `undefined` if the stream ends
 * before the line does.
 */
async function readLine(stream: Duplex, signal: AbortSignal): Promise<string | undefined> {
  let line = '';
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk === null) {
      if (!(await readable(stream, signal))) return undefined;
      continue;
    }
    const newline = chunk.indexOf(10);
    line += chunk.subarray(0, newline < 0 ? chunk.length : newline).toString('latin1');
    if (line.length > MAX_LINE) {
      const start = JSON.stringify(line.slice(0, MAX_LINE));
      throw new ProtocolError('hybrid-vsock', `no newline within ${MAX_LINE} bytes of the handshake: ${start}`);
    }
    if (newline < 0) continue;
    if (newline + 1 < chunk.length) stream.unshift(chunk.subarray(newline + 1));
    return line;
  }
}

/** Waits until a stream has data to read; `false` if the stream has ended instead. */
function readable(stream: Duplex, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const resolveConfig = (finish: () => void): void => {
      listening.abort();
      stream.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onError);
      finish();
    };
    const onReadable = (): void => resolveConfig(() => resolve(true));
    const onEnd = (): void => resolveConfig(() => resolve(false));
    // A reset means that nothing listens on the port: it occurs when the peer closes the connection while our request
    // is in transit.
    const onError = (error: NodeJS.ErrnoException): void =>
      resolveConfig(() => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(false) : reject(error)));
    const onAbort = (): void => resolveConfig(() => reject(signal.reason));
    if (signal.aborted) return onAbort();
    if (stream.readableEnded || stream.destroyed) return onEnd();
    signal.addEventListener('abort', onAbort, { signal: listening.signal });
    stream.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onError);
  });
}
