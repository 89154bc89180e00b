import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { AGENT_PORT, DEBUG_CONSOLE_PORT } from '../../fixtures/agent-ports.ts';
import { DisposeStack, makeOrUndo } from '../../helpers/dispose.ts';
import { listenHybridVsock } from '../../helpers/hybrid-vsock.ts';
import { SANDBOX_DIR } from '../../helpers/kata/sandbox.ts';
import { closeTerminal, shellOnTerminal } from './example-terminal.ts';

/** Prefix of what is run in the guest. */
const INSIDE = ['unshare', '--mount', '--', 'sh', '-c', 'mount -t tmpfs guest /run && exec "$@"', 'sh'];

/** What `pnpm ccv0` finds of a sandbox: a shim that tells the agent's address, and the agent's debug console there. */
export interface ExampleSandbox extends AsyncDisposable {
  readonly id: string;
}

/**
 * Makes one. As Kata's agent has it, a shell stays when its connection is dropped: whoever leaves has to end it. The
 * guest of this one is this machine with another /run.
 */
export async function exampleSandbox(id: string): Promise<ExampleSandbox> {
  const made = new DisposeStack();
  const end = (): Promise<void> => made[Symbol.asyncDispose]();
  await makeOrUndo(() => makeSandbox(id, made), end);
  return { id, [Symbol.asyncDispose]: end };
}

async function makeSandbox(id: string, made: DisposeStack): Promise<void> {
  const directory = join(SANDBOX_DIR, id);
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
