import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { forwardBothWays } from './forward.ts';

/** A proxy to a registry. Disposing closes it. */
export interface RegistryProxy extends AsyncDisposable {
  /** Closes the connections that are open now. */
  hangUp(): void;
}

/**
 * Listens on a unix socket and forwards its connections to a TCP address of this machine, so that a guest without a
 * network reaches its registry. Half-closed connections stay half-closed. An address that changes is a function; while it
 * returns `undefined`, connections are closed at once.
 */
export async function openRegistryProxy(
  socket: string,
  address: string | (() => string | undefined),
): Promise<RegistryProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (from) => {
    const current = typeof address === 'string' ? address : address();
    if (current === undefined) {
      from.destroy();
      return;
    }
    const [host = '', port = ''] = current.split(':');
    const to = createConnection({ host, port: Number(port), allowHalfOpen: true });
    for (const end of [from, to]) {
      open.add(end);
      end.once('close', () => open.delete(end));
    }
    forwardBothWays(from, to);
  });
  await once(server.listen(socket), 'listening');
  await chmod(socket, 0o600);
  const hangUp = (): void => {
    for (const end of open) end.destroy();
  };
  return {
    hangUp,
    async [Symbol.asyncDispose]() {
      hangUp();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(socket, { force: true });
    },
  };
}
