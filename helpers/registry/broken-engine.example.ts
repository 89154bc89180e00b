import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';

/** Kinds of broken Docker engines that the tests simulate. */
export type BrokenEngine =
  /** A Docker engine that accepts connections and never answers. */
  | 'silent'
  /** A Docker engine that answers with bytes that are not HTTP. */
  | 'garbage'
  /** An HTTP server that is not a Docker engine. */
  | 'web-server'
  /** A Docker engine that answers `/_ping`, and no other request. */
  | 'half-silent'
  /**
   * An engine that rejects pulls with Docker Hub's rate limit: with status 429, or with an error in the response
   * stream.
   */
  | 'rate-limited'
  | 'rate-limited-later'
  /** A Docker engine whose pulls fail, since it has no network. */
  | 'no-network'
  /** A Docker engine whose pulls never end. */
  | 'endless-pull';

/** Docker Hub's message about its rate limit. */
export const RATE_LIMIT = 'toomanyrequests: You have reached your unauthenticated pull rate limit.';
export const NO_NETWORK = 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host';

/** Listens on a unix socket as a broken Docker engine of this kind. Disposing stops listening. */
export async function listenBroken(kind: BrokenEngine, socket: string): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server: Server =
    kind === 'silent' || kind === 'garbage'
      ? createServer((connection) => {
          if (kind === 'garbage') connection.end('SSH-2.0-OpenSSH_9.2\r\n');
        })
      : createHttpServer((from, to) => answer(kind, from, to));
  server.on('connection', (connection: Socket) => {
    open.add(connection.on('error', () => connection.destroy()));
  });
  await once(server.listen(socket), 'listening');
  return {
    async [Symbol.asyncDispose]() {
      for (const connection of open) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(kind: BrokenEngine, { method, url = '' }: IncomingMessage, to: ServerResponse): void {
  const json = (status: number, body: object): void => {
    to.writeHead(status, { 'api-version': '1.41', 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (kind === 'web-server') to.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
  else if (url.endsWith('/_ping')) to.writeHead(200, { 'api-version': '1.41' }).end('OK');
  else if (kind === 'half-silent') return;
  else if (url.endsWith('/info'))
    json(200, { OperatingSystem: 'Debian GNU/Linux 12', OSType: 'linux', ServerVersion: '20.10.24' });
  else if (method === 'POST' && url.includes('/images/create')) pull(kind, to, json);
  else if (url.includes('/images/')) json(404, { message: 'No such image: registry:2' });
  else json(404, { message: 'page not found' });
}

function pull(kind: BrokenEngine, to: ServerResponse, json: (status: number, body: object) => void): void {
  if (kind === 'rate-limited') {
    json(429, { message: RATE_LIMIT });
    return;
  }
  to.writeHead(200, { 'content-type': 'application/json' });
  to.write(`${JSON.stringify({ status: 'Pulling from library/registry', id: '2' })}\n`);
  if (kind === 'endless-pull') return;
  const error = kind === 'no-network' ? NO_NETWORK : RATE_LIMIT;
  to.end(`${JSON.stringify({ errorDetail: { message: error }, error })}\n`);
}
