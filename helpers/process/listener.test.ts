import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listenerOf, listeningInodes } from './listener.ts';

test.for(['127.0.0.1', '::1'])('listenerOf finds the process that listens on a port of %s', async (host) => {
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await listenerOf(port)).toBe(process.pid);
  await new Promise((resolve) => server.close(resolve));
  await expect(listenerOf(port)).rejects.toThrow(`no process of this machine listens on TCP port ${port}`);
});

test('listeningInodes leaves out connections to a TCP port and listeners on other ports', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0
   1: 0100007F:1388 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 102 1 0
   2: 0100007F:1389 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 103 1 0
`;
  expect(listeningInodes(table, 5000)).toEqual(['101']);
});
