import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/**
 * Listens on a unix socket and forwards its connections to a TCP address of this machine, so that a guest without a
 * network reaches its registry. Half-closed connections stay half-closed.
 */
export async function openRegistryProxy(socket: string, address: string): Promise<AsyncDisposable> {
  const [host = '', port = ''] = address.split(':');
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (from) => {
    const to = createConnection({ host, port: Number(port), allowHalfOpen: true });
    for (const end of [from, to]) {
      open.add(end);
      end.once('close', () => open.delete(end));
    }
    // If either side fails, the proxy closes both: the guest sees a registry that closes the connection.
    const hangUp = (): void => {
      from.destroy();
      to.destroy();
    };
    pipeline(from, to).catch(hangUp);
    pipeline(to, from).catch(hangUp);
  });
  await once(server.listen(socket), 'listening');
  await chmod(socket, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      for (const end of open) end.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(socket, { force: true });
    },
  };
}
