import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Address, parseAddress } from '../address.ts';
import { connectTtrpc } from '../ttrpc/connect.ts';
import { measure, type Series } from './measure.ts';
import { oneProcessPerCall } from './one-process-per-call.ts';

const PORT = 1024;
const DURATION_MS = 2_000;
const PAYLOAD = Buffer.alloc(64, 'x');
const REPORT = 'reports/out/bench.json';

interface Row extends Series {
  readonly over: string;
  readonly client: string;
}

async function rows(over: string, address: Address): Promise<Row[]> {
  const each = oneProcessPerCall(address, 'bench.Echo', 'Echo', PAYLOAD);
  await using connection = await connectTtrpc(address);
  const call = (): Promise<Uint8Array> => connection.call('bench.Echo', 'Echo', PAYLOAD, { timeoutMs: 10_000 });
  // Once unmeasured, so that nobody is charged for what is only done once.
  await Promise.all([each(), measure(call, 64, DURATION_MS / 4)]);
  return [
    { over, client: 'one process per call', ...(await measure(each, 1, DURATION_MS)) },
    { over, client: 'this client, 1 in flight', ...(await measure(call, 1, DURATION_MS)) },
    { over, client: 'this client, 64 in flight', ...(await measure(call, 64, DURATION_MS)) },
  ];
}

function table(all: readonly Row[]): string {
  const head = ['over', 'client', 'calls/s', 'p50 ms', 'p99 ms', 'ratio'];
  const base = new Map(all.filter(({ client }) => client === 'one process per call').map((row) => [row.over, row]));
  const lines = all.map((row) => {
    const ratio = row.callsPerSecond / (base.get(row.over)?.callsPerSecond ?? Number.NaN);
    return [
      row.over,
      row.client,
      row.callsPerSecond.toFixed(0),
      row.p50.toFixed(3),
      row.p99.toFixed(3),
      `${ratio.toFixed(1)} x`,
    ];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const render = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...lines].map(render).join('\n');
}

const directory = await mkdtemp(join(tmpdir(), 'kata-cc-bench-'));
const server = spawn(
  process.execPath,
  ['--import', 'tsx', fileURLToPath(new URL('server.ts', import.meta.url)), directory],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
  },
);
try {
  await once(server.stdout, 'data');
  const all = [
    ...(await rows('unix socket', parseAddress(`unix://${join(directory, 'unix')}`))),
    ...(await rows('hybrid vsock', parseAddress(`hvsock://${join(directory, 'vsock')}:${PORT}`))),
  ];
  console.log(table(all));
  await mkdir('reports/out', { recursive: true });
  await writeFile(
    REPORT,
    JSON.stringify({ cpus: cpus().length, node: process.version, payloadBytes: PAYLOAD.length, rows: all }, null, 2),
  );
  console.log(`written to ${REPORT}`);
} finally {
  server.stdin.end();
  await rm(directory, { recursive: true, force: true });
}
