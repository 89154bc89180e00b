import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGuestTerminal } from './terminal.ts';

let directory: string;
let server: Server;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-terminal-'));
});
afterEach(async () => {
  await new Promise((closed) => server.close(closed));
  await rm(directory, { recursive: true, force: true });
});

test.for([
  [
    'hangs up',
    'no shell here',
    (socket: Socket): void => void socket.once('data', () => void socket.end('no shell here')),
  ],
  ['closes at once', '', (socket: Socket): void => void socket.destroy()],
] as const)('openGuestTerminal rejects with the output of a debug console that %s', async ([, said, serve]) => {
  const path = join(directory, 'console.sock');
  server = createServer(serve);
  await once(server.listen(path), 'listening');
  await expect(openGuestTerminal(`unix://${path}`, { rows: 24, columns: 80 }, { timeoutMs: 10_000 })).rejects.toThrow(
    `the shell did not print its terminal, only ${JSON.stringify(said)}`,
  );
});
