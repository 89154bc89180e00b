import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP proxy on loopback that requires a password, records requests, and answers them itself. */
export interface ExampleProxy extends AsyncDisposable {
  /** URL of the proxy, with its credentials. */
  readonly url: string;
  /** Requests that the proxy received with the right password, in order: `GET http://...`, `CONNECT host:port`. */
  readonly asked: readonly string[];
}

/** Password of the example proxy; its URL has the password percent-encoded. */
export const PASSWORD = 'p@ss-w0rd';

/** Starts an example proxy. It answers GET with the entry of `pages` for the URL, else 404, and CONNECT with 502. */
export async function exampleProxy(pages: ReadonlyMap<string, string | Uint8Array> = new Map()): Promise<ExampleProxy> {
  const asked: string[] = [];
  const wanted = `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`;
  const known = ({ headers, method, url }: IncomingMessage): boolean => {
    const may = headers['proxy-authorization'] === wanted;
    if (may) asked.push(`${method} ${url}`);
    return may;
  };
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (!known(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const page = pages.get(request.url ?? '');
    response.writeHead(page === undefined ? 404 : 200).end(page ?? 'no such page');
  });
  server.on('connect', (request, socket) => {
    const status = known(request) ? '502 Bad Gateway' : '407 Proxy Authentication Required';
    const challenge = 'Proxy-Authenticate: Basic realm="proxy"\r\n';
    socket.end(`HTTP/1.1 ${status}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
