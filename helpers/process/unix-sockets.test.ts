import { once } from 'node:events';
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { acceptsConnections, openSocketsBelow, parseUnixSockets } from './unix-sockets.ts';

test('parseUnixSockets returns paths and abstract names, without unnamed sockets', () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 1002 /run/a b
ffff9d5a12345678: 00000003 00000000 00000000 0001 03    12
0000000000000000: 00000002 00000000 00010000 0005 01 1003 @/run/abstract name
`;
  expect(parseUnixSockets(text)).toEqual(['/run/a b', '@/run/abstract name']);
});

test.for(['socket', 'my socket', ' ', 'a  b', 'a\nb', '@at', '0: 1'])(
  'openSocketsBelow finds an open socket named %j',
  async (name) => {
    const directory = await mkdtemp(join(tmpdir(), 'kata-cc-s-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await mkdir(join(directory, 'in here'));
    const path = join(directory, 'in here', name);
    const server = createServer();
    await once(server.listen(path), 'listening');
    try {
      expect(await openSocketsBelow(directory)).toEqual([path]);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
    expect(await openSocketsBelow(directory)).toEqual([]);
  },
);

test('acceptsConnections is true only while a server listens, even if the socket file remains', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-s-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [path, file] = [join(directory, 'socket'), join(directory, 'file')];
  expect(await acceptsConnections(path)).toBe(false);
  const server = createServer();
  await once(server.listen(path), 'listening');
  await link(path, file);
  expect(await acceptsConnections(file)).toBe(true);
  await new Promise((closed) => server.close(closed));
  expect(await acceptsConnections(file)).toBe(false);
});
