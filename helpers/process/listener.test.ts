import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { poll } from '../poll.ts';
import { spawnDaemon } from './daemon.ts';
import { listenerOf, listeningInodes, portOf } from './listener.ts';

test.for(['127.0.0.1', '::1'])('listenerOf finds the process that listens on a port of %s', async (host) => {
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await listenerOf(port)).toBe(process.pid);
  await new Promise((resolve) => server.close(resolve));
  await expect(listenerOf(port)).rejects.toThrow(`no process of this machine listens on TCP port ${port}`);
});

test('portOf finds the port on which a process listens, and none of a process that listens on none', async () => {
  await using daemon = await spawnDaemon(['socat', 'TCP-LISTEN:0,bind=127.0.0.1', '-'], { logFile: '/dev/null' });
  const port = await poll('socat listening', () => portOf(daemon.pid), { timeoutMs: 5_000 });
  expect(await listenerOf(port)).toBe(daemon.pid);
  await using idle = await spawnDaemon(['sleep', '60'], { logFile: '/dev/null' });
  expect(await portOf(idle.pid)).toBeUndefined();
});

test('listeningInodes leaves out connections to a TCP port and listeners on other ports', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0
   1: 0100007F:1388 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 102 1 0
   2: 0100007F:1389 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 103 1 0
`;
  expect(listeningInodes(table, 5000)).toEqual(['101']);
});
