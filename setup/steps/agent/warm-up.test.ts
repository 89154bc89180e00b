import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { AS_ROOT, testWhere } from '../../../helpers/contract/run-where.ts';
import { fileExists } from '../../../helpers/files.ts';
import { poll } from '../../../helpers/poll.ts';
import { run } from '../../../helpers/process/exec.ts';
import { TtrpcConnection } from '../../../helpers/ttrpc/connection.ts';
import { writeStandIn } from './agent.ts';

const SCRIPT = /^script-details,(\d+),.*stand-in-agent\.mjs/m;
const COMPILED = /^function,interpreter(?:-lazy)?,(\d+),\d+,\d+,[^,]*,\d+,(.*)$/gm;

// Needs root, because the stand-in agent adds entropy to the machine on which it runs.
testWhere(AS_ROOT)(
  'a stand-in agent that is stopped for a VM template has compiled all functions it runs afterwards',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'stand-in-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const [go, log] = [join(directory, 'go'), join(directory, 'v8.log')];
    await run(['mkfifo', go]);
    // V8 may drop the bytecode of functions that have not run for a while, and compile them again.
    const v8 = [
      '--jitless',
      '--no-flush-bytecode',
      '--log-function-events',
      '--no-logfile-per-isolate',
      `--logfile=${log}`,
    ];
    const args = ['--sockets', join(directory, 'port-'), '--wait-for', go];
    const agent = spawn(process.execPath, [...v8, await writeStandIn(directory), ...args]);
    onTestFinished(() => void agent.kill('SIGKILL'));

    const waits = async (): Promise<true | undefined> => (await fileExists(`${go}.loaded`)) || undefined;
    await poll('the stand-in waiting', waits, { timeoutMs: 20_000, intervalMs: 20 });
    const before = (await readFile(log, 'utf8')).length;
    await writeFile(go, 'go\n');
    await says(agent, 'ttRPC server started');
    await using connection = new TtrpcConnection(createConnection(join(directory, 'port-1024.sock')));
    await connection.call('grpc.Health', 'Check', new Uint8Array(0));

    const events = await readFile(log, 'utf8');
    const ours = SCRIPT.exec(events)?.[1];
    expect(ours).toMatch(/^\d+$/);
    const compiled = [...events.slice(before).matchAll(COMPILED)].filter(([, script]) => script === ours);
    expect(compiled.map(([, , name]) => name)).toEqual([]);
  },
);

function says(agent: ChildProcess, text: string): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    agent.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes(text)) resolve();
    });
    agent.once('exit', () => reject(new Error(`the stand-in ended; it said: ${said}`)));
  });
}
