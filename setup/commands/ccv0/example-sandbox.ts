import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { AGENT_PORT, DEBUG_CONSOLE_PORT } from '../../../fixtures/guest/agent-ports.ts';
import { makeOrUndo } from '../../../helpers/dispose.ts';
import { RUNTIME_ON_HOST } from '../../../helpers/kata/runtimes.ts';
import { listenHybridVsock } from '../../../helpers/vsock/hybrid.ts';
import { closeTerminal, shellOnTerminal } from './example-terminal.ts';

/** Command prefix that runs a command in the example sandbox's guest. */
const INSIDE = ['unshare', '--mount', '--', 'sh', '-c', 'mount -t tmpfs guest /run && exec "$@"', 'sh'];

/** A sandbox as `pnpm ccv0` sees it: a shim that returns the agent's address, and the agent's debug console. */
export interface ExampleSandbox extends AsyncDisposable {
  readonly id: string;
}

/**
 * Creates an example sandbox whose guest is this machine with another /run. As with Kata's agent, a shell keeps running
 * when its connection is closed: the client must end it.
 */
export async function exampleSandbox(id: string): Promise<ExampleSandbox> {
  const made = new AsyncDisposableStack();
  const end = (): Promise<void> => made.disposeAsync();
  await makeOrUndo(() => makeSandbox(id, made), end);
  return { id, [Symbol.asyncDispose]: end };
}

async function makeSandbox(id: string, made: AsyncDisposableStack): Promise<void> {
  const directory = join(RUNTIME_ON_HOST.go.sandboxes, id);
  const socket = join(directory, 'agent.sock');
  const shells: ChildProcess[] = [];
  made.defer(() => rm(directory, { recursive: true, force: true }));
  made.defer(async () => void (await Promise.all(shells.map(closeTerminal))));
  await mkdir(directory, { recursive: true });
  const serveShell = (stream: Socket): void => {
    const shell = shellOnTerminal(INSIDE);
    shells.push(shell);
    stream.pipe(shell.stdin, { end: false });
    shell.stdout.pipe(stream);
  };
  made.use(await listenHybridVsock(socket, { [DEBUG_CONSOLE_PORT]: serveShell }));
  const shim = createServer((_request, response) => void response.end(`hvsock://${socket}:${AGENT_PORT}`));
  await once(shim.listen(join(directory, 'shim-monitor.sock')), 'listening');
  made.defer(() => new Promise<void>((closed) => void shim.close(() => closed())));
}
