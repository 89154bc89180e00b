import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sandboxIds } from './orphaned-sandboxes.ts';
import { agentAddress, consoleSocket, runningSandboxes } from './sandbox.ts';

test.for([
  ['the Go runtime', '/run/vc/sbs/ID', '/run/vc/vm/ID/console.sock'],
  ['runtime-rs', '/run/kata/ID', '/run/kata/ID/root/console.sock'],
] as const)('a sandbox of %s is found with its console', async ([, sandbox, console]) => {
  const id = `sandbox-${process.pid}`;
  const [directory, socket] = [sandbox, console].map((path) => path.replace('ID', id)) as [string, string];
  onTestFinished(async () => {
    for (const path of [directory, `/run/vc/vm/${id}`]) await rm(path, { recursive: true, force: true });
  });
  expect(await consoleSocket(id)).toBeUndefined();
  for (const path of [directory, dirname(socket)]) await mkdir(path, { recursive: true });
  await writeFile(socket, '');
  expect(await consoleSocket(id)).toBe(socket);
  expect(await runningSandboxes()).toContain(id);
  expect(await sandboxIds()).toContain(id);
});

test('the agent of a sandbox without a shim has no address', async () => {
  await expect(agentAddress('none', { timeoutMs: 100 })).rejects.toThrow(
    'sandbox none has no shim: /run/vc/sbs/none/shim-monitor.sock and /run/kata/none/shim-monitor.sock do not exist',
  );
});
