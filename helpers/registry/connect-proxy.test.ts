import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../process/exec.ts';
import { createServerCertificate } from './certificates.ts';
import { type ConnectProxyOptions, openConnectProxy } from './connect-proxy.ts';

const missing = await run(['sh', '-c', 'command -v openssl']).then(
  () => false,
  () => true,
);
const HOST = 'registry.example';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kata-cc-connect-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Starts a server over TLS behind a proxy; returns the proxy and the authority of the server's certificate. */
async function behindProxy(stack: AsyncDisposableStack, options?: ConnectProxyOptions) {
  const tls = await createServerCertificate(dir, [HOST]);
  const files = { key: await readFile(tls.key), cert: await readFile(tls.certificate) };
  const server = createServer(files, (_request, response) => response.end('x'.repeat(10_000)));
  const [own, socket] = [join(dir, 'server.sock'), join(dir, 'proxy.sock')];
  await once(server.listen(own), 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { authority: tls.authority, socket, proxy: stack.use(await openConnectProxy(socket, own, options)) };
}

/** Sends CONNECT to the proxy; returns its answer and the connection. */
async function ask(socketPath: string, headers: Readonly<Record<string, string>> = {}) {
  const asking = request({ socketPath, method: 'CONNECT', path: `${HOST}:443`, headers });
  asking.end();
  const [answer, connection] = (await once(asking, 'connect')) as [IncomingMessage, Socket];
  return { answer, connection };
}

/** Requests the root of the server through a connection of the proxy. */
async function get(socket: Socket, ca: string): Promise<string> {
  const secure: TLSSocket = connect({ socket, ca, servername: HOST });
  secure.end(`GET / HTTP/1.0\r\nhost: ${HOST}\r\n\r\n`);
  let text = '';
  for await (const chunk of secure) text += String(chunk);
  return text;
}

test('openConnectProxy carries TLS to a server with a certificate for a host name, and counts what it carried', async (context) => {
  if (missing) context.skip('openssl is missing');
  await using stack = new AsyncDisposableStack();
  const { authority, proxy, socket } = await behindProxy(stack);
  const { answer, connection } = await ask(socket);
  expect(answer.statusCode).toBe(200);
  expect(await get(connection, authority)).toMatch(/^HTTP\/1\.1 200 .*x{10000}$/s);
  expect(proxy.tunnels).toEqual([{ host: `${HOST}:443`, bytes: expect.toSatisfy((bytes) => bytes > 10_000) }]);
  expect(proxy.rejected).toEqual([]);
});

test('openConnectProxy with a status answers CONNECT with it, and opens no tunnel', async (context) => {
  if (missing) context.skip('openssl is missing');
  await using stack = new AsyncDisposableStack();
  const { proxy, socket } = await behindProxy(stack, { rejectsWith: 403 });
  expect((await ask(socket)).answer.statusCode).toBe(403);
  expect(proxy.tunnels).toEqual([]);
  expect(proxy.rejected).toEqual([`CONNECT ${HOST}:443`]);
});

test('openConnectProxy with credentials answers 407 without them, and opens a tunnel with them', async (context) => {
  if (missing) context.skip('openssl is missing');
  await using stack = new AsyncDisposableStack();
  const { authority, proxy, socket } = await behindProxy(stack, { credentials: 'user:password' });
  const basic = (text: string) => ({ 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` });
  const unauthorized = await ask(socket);
  expect(unauthorized.answer.statusCode).toBe(407);
  expect(unauthorized.answer.headers['proxy-authenticate']).toBe('Basic realm="proxy"');
  expect((await ask(socket, basic('user:other'))).answer.statusCode).toBe(407);
  const { answer, connection } = await ask(socket, basic('user:password'));
  expect(answer.statusCode).toBe(200);
  expect(await get(connection, authority)).toMatch(/^HTTP\/1\.1 200 /);
  expect(proxy.tunnels).toHaveLength(1);
});

test('openConnectProxy serves no request but CONNECT', async (context) => {
  if (missing) context.skip('openssl is missing');
  await using stack = new AsyncDisposableStack();
  const { proxy, socket } = await behindProxy(stack);
  const asking = request({ socketPath: socket, path: `http://${HOST}/` });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(405);
  expect(proxy.rejected).toEqual([`GET http://${HOST}/`]);
});
