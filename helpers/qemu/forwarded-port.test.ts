import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { spawnDaemon } from '../process/daemon.ts';
import { findProgram } from '../process/programs.ts';
import { forwardedPort, parseUserNetwork } from './forwarded-port.ts';
import { Qmp } from './qmp.ts';

const TOLD = `Hub -1 (network):\r
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r
  TCP[ESTABLISHED]   11       127.0.0.1 50022       10.0.2.15    22     0     0\r
  TCP[HOST_FORWARD]   8       127.0.0.1 36999       10.0.2.15    22     0     0\r
  TCP[HOST_FORWARD]   9               * 40000       10.0.2.15  8022     0     0\r
`;

test.for([
  [22, 36_999],
  [8_022, 40_000],
  [80, undefined],
] as const)('parseUserNetwork finds that guest port %i is forwarded from host port %s', ([guest, host]) => {
  expect(parseUserNetwork(TOLD, guest)).toBe(host);
});

test('QEMU processes started at the same time forward different host ports', async ({ skip }) => {
  const qemu = await findProgram('qemu-system-x86_64');
  if (qemu === undefined) skip('QEMU is not installed');
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-port-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const start = async (name: string): Promise<number> => {
    const socket = join(directory, `${name}.sock`);
    const network = 'user,id=network,restrict=on,hostfwd=tcp:127.0.0.1:0-:22';
    const machine = ['-machine', 'none', '-nodefaults', '-display', 'none', '-netdev', network];
    const command = ['qemu-system-x86_64', ...machine, '-qmp', `unix:${socket},server=on,wait=off`];
    const daemon = await spawnDaemon(command, { logFile: join(directory, `${name}.log`) });
    onTestFinished(() => daemon[Symbol.asyncDispose]());
    await using qmp = await Qmp.connect(socket, { timeoutMs: 20_000 });
    return await forwardedPort(qmp, 22);
  };
  const ports = await Promise.all(['a', 'b', 'c'].map(start));
  expect(new Set(ports).size).toBe(3);
  for (const port of ports) {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    socket.destroy();
  }
});
