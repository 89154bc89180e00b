import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { whyUnreachable } from './url-check.ts';

test('whyUnreachable names the status or the error of a URL that does not answer with a page', async () => {
  const server = createServer(
    ({ url }, response) => void response.writeHead(url === '/page' ? 200 : 404, { connection: 'close' }).end(),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const of = (path: string): Promise<string | undefined> => whyUnreachable(`http://127.0.0.1:${port}${path}`);
  expect([await of('/page'), await of('/gone')]).toEqual([undefined, '404 Not Found']);
  await new Promise((resolve) => server.close(resolve));
  expect(await of('/page')).toContain('ECONNREFUSED');
});
