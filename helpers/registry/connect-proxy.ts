import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { forwardBothWays } from './forward.ts';

/** A connection that a {@link ConnectProxy} carried. */
export interface Tunnel {
  /** Host and port that the client asked for, `registry.example:443`. */
  readonly host: string;
  /** Bytes from the server to the client so far, encrypted if the client speaks TLS. */
  readonly bytes: number;
}

/** What a {@link ConnectProxy} requires and answers. */
export interface ConnectProxyOptions {
  /** `user:password` of the clients that it serves; without them, it serves every client. */
  readonly credentials?: string;
  /** Status of the answer to every request, in place of a tunnel. */
  readonly rejectsWith?: 403 | 502;
}

/** A proxy for HTTPS: it answers the method CONNECT by a tunnel. Disposing closes it. */
export interface ConnectProxy extends AsyncDisposable {
  /** Tunnels so far, oldest first. */
  readonly tunnels: readonly Tunnel[];
  /** Requests that it rejected, as `CONNECT registry.example:443`. */
  readonly rejected: readonly string[];
}

const REASONS = {
  403: 'Forbidden',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  502: 'Bad Gateway',
};

/**
 * Listens on the unix socket `socket`, and leads every tunnel to the server at the unix socket `server`, whichever host the client asks for:
 * the name of that server exists for clients of the proxy alone. Source: RFC 9110, section 9.3.6.
 */
export async function openConnectProxy(
  socket: string,
  server: string,
  { credentials, rejectsWith }: ConnectProxyOptions = {},
): Promise<ConnectProxy> {
  const tunnels: { host: string; bytes: number }[] = [];
  const rejected: string[] = [];
  const open = new Set<Socket>();
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const proxy = createServer((request, response) => {
    rejected.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  });
  proxy.on('connection', (client: Socket) => {
    open.add(client);
    client.once('close', () => open.delete(client));
  });
  proxy.on('connect', ({ headers, url: host = '' }, client: Socket, head) => {
    const authorized = wanted === undefined || headers['proxy-authorization'] === wanted;
    const status = authorized ? rejectsWith : 407;
    if (status !== undefined) {
      rejected.push(`CONNECT ${host}`);
      client.end(rejection(status));
      return;
    }
    const tunnel = { host, bytes: 0 };
    tunnels.push(tunnel);
    const to = createConnection(server);
    open.add(to);
    to.once('close', () => open.delete(to));
    to.on('data', (chunk) => {
      tunnel.bytes += chunk.length;
    });
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    to.write(head);
    forwardBothWays(client, to);
  });
  await once(proxy.listen(socket), 'listening');
  await chmod(socket, 0o600);
  return {
    tunnels,
    rejected,
    async [Symbol.asyncDispose]() {
      for (const end of open) end.destroy();
      await new Promise((resolve) => proxy.close(resolve));
      await rm(socket, { force: true });
    },
  };
}

function rejection(status: keyof typeof REASONS): string {
  const challenge = status === 407 ? 'proxy-authenticate: Basic realm="proxy"\r\n' : '';
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\n${challenge}content-length: 0\r\nconnection: close\r\n\r\n`;
}
