import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { minimalEnv } from '../../../helpers/process/exec.ts';
import { RpcClient } from '../../../helpers/rpc/client.ts';
import { connectTtrpc } from '../../../helpers/ttrpc/connect.ts';
import { type Address, parseAddress } from '../../../helpers/vsock/address.ts';
import { projectPath } from '../../project.ts';
import type { Bench, BenchContext, Row } from './benchmark.ts';
import { ECHO, echoMessage, echoServices } from './echo-service.ts';
import { buildGoPeer, measureGo } from './go-peer.ts';
import { measure, type Series } from './measure.ts';
import { oneProcessPerCall } from './one-process-per-call.ts';

/**
 * Number of rounds. In each round the clients are measured in turn, so that other load of the machine affects all of
 * them.
 */
const ROUNDS = 4;
const ROUND_MS = 750;
const TIMEOUT_MS = 10_000;
const MIB = 2 ** 20;
const SMALL = 64;

const CASES = [
  { bytes: SMALL, inFlight: 1 },
  { bytes: SMALL, inFlight: 64 },
  { bytes: MIB, inFlight: 1 },
  { bytes: MIB, inFlight: 64 },
] as const;
type Case = (typeof CASES)[number];

/** Bench of unary ttrpc calls of our client, of containerd's, and of one process per call, all to the same server. */
export const rpc: Bench = {
  name: 'rpc',
  title: 'Unary ttrpc calls',
  async run(context) {
    const go = await buildGoPeer(context);
    const [program] = 'program' in go ? [go.program] : [];
    const sockets = { unix: join(context.directory, 'unix'), hvsock: join(context.directory, 'hvsock') };
    await using _server = await startServer(program, sockets);
    const rows: Row[] = [];
    for (const [kind, path] of Object.entries(sockets) as ['unix' | 'hvsock', string][]) {
      for (const each of CASES) {
        context.say(`${NAMES[kind]}, ${nameOf(each)}`);
        rows.push(...(await compare({ kind, path }, each, program, context)));
      }
    }
    const server = program === undefined ? 'our server' : "containerd's Go server";
    const missing = 'missing' in go ? [`containerd's Go client was not measured: ${go.missing}`] : [];
    return { rows, notes: [`all clients called ${server} in a separate process`, ...missing] };
  },
};

const NAMES = { unix: 'unix socket', hvsock: 'hybrid vsock' } as const;

function nameOf({ bytes, inFlight }: Case): string {
  return `${bytes === MIB ? '1 MiB' : `${bytes} B`}, ${inFlight} in flight`;
}

interface Socket {
  readonly kind: 'unix' | 'hvsock';
  readonly path: string;
}

async function compare(socket: Socket, each: Case, go: string | undefined, context: BenchContext): Promise<Row[]> {
  const address = parseAddress(
    socket.kind === 'unix' ? `unix://${socket.path}` : `hvsock://${socket.path}:${ECHO.port}`,
  );
  const durationMs = ROUND_MS;
  const series = await bestInTurns<string>({
    ...(go === undefined ? {} : { go: () => measureGo(go, socket, { ...each, durationMs }, context.signal) }),
    'our client, as in specs': () => measureClient(address, each),
    'our connection alone': () => measureConnection(address, each),
  });
  const { go: reference, ...ours } = series;
  const name = `${NAMES[socket.kind]}, ${nameOf(each)}`;
  const rows = Object.entries(ours).map(([client, series]): Row => {
    const row = { what: `${name}: ${client}`, figure: figure(series) };
    return reference === undefined ? row : { ...row, ...besideGo(series, reference, each) };
  });
  if (each.bytes !== SMALL || each.inFlight !== 1) return rows;
  const processes = oneProcessPerCall(address, ECHO.service, ECHO.method, echoMessage(each.bytes));
  const { client, process } = await bestInTurns({
    process: () => measured(processes, 1),
    client: () => measureClient(address, { ...each, inFlight: 64 }),
  });
  const ratio = client.callsPerSecond / process.callsPerSecond;
  const wanted = { bound: '>= 100 x the calls', kept: ratio >= 100 };
  return [
    ...rows,
    {
      what: `${NAMES[socket.kind]}, ${SMALL} B: our client, 64 in flight`,
      figure: figure(client),
      beside: `one process per call: ${figure(process)}`,
      ratio,
      wanted,
    },
  ];
}

/** Rows that compare our client with containerd's: one call in flight measures latency, many measure throughput. */
function besideGo(ours: Series, go: Series, { bytes, inFlight }: Case): Pick<Row, 'beside' | 'ratio' | 'wanted'> {
  const beside = `Go: ${figure(go)}`;
  const ratio = inFlight === 1 ? ours.p50 / go.p50 : ours.callsPerSecond / go.callsPerSecond;
  if (bytes !== SMALL) return { beside, ratio };
  const wanted =
    inFlight === 1
      ? { bound: '<= 2 x the time', kept: ratio <= 2 }
      : { bound: '>= 0.5 x the calls', kept: ratio >= 0.5 };
  return { beside, ratio, wanted };
}

/** Measures the client that specs use: grpc-js, with encoding and decoding, and a record of every call. */
async function measureClient(
  address: Address,
  { bytes, inFlight }: { bytes: number; inFlight: number },
): Promise<Series> {
  let records = 0;
  await using client = new RpcClient(address, echoServices(), {
    timeoutMs: TIMEOUT_MS,
    onCall: () => {
      records += 1;
    },
  });
  const value = Buffer.alloc(bytes, 'x');
  const name = `${ECHO.service}/${ECHO.method}`;
  const series = await measured(() => client.call(name, { value }), inFlight);
  if (records < series.calls) throw new Error(`${series.calls} calls left ${records} records`);
  return series;
}

/** Measures the ttrpc transport alone, with messages that are already encoded. */
async function measureConnection(address: Address, { bytes, inFlight }: Case): Promise<Series> {
  await using connection = await connectTtrpc(address);
  const message = echoMessage(bytes);
  const options = { timeoutMs: TIMEOUT_MS };
  return await measured(() => connection.call(ECHO.service, ECHO.method, message, options), inFlight);
}

/** Measures RPC calls after one unmeasured call, which does the one-time work. */
async function measured(call: () => Promise<unknown>, inFlight: number): Promise<Series> {
  await measure(call, inFlight, ROUND_MS / 4);
  return measure(call, inFlight, ROUND_MS);
}

/**
 * Measures all clients in turn, several times, and returns the best series of each client: the one least disturbed by
 * other load.
 */
async function bestInTurns<Name extends string>(
  all: Readonly<Record<Name, () => Promise<Series>>>,
): Promise<Record<Name, Series>> {
  const best: Partial<Record<Name, Series>> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(all) as Name[]) {
      const series = await all[name]();
      if (series.callsPerSecond > (best[name]?.callsPerSecond ?? 0)) best[name] = series;
    }
  }
  return best as Record<Name, Series>;
}

function figure({ callsPerSecond, p50, p99 }: Series): string {
  return `${callsPerSecond.toFixed(0)} calls/s, p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`;
}

async function startServer(
  go: string | undefined,
  sockets: Record<'unix' | 'hvsock', string>,
): Promise<AsyncDisposable> {
  const [file, ...args] =
    go === undefined ? [process.execPath, projectPath('setup/commands/bench/echo-server.ts')] : [go, 'serve'];
  const server = spawn(file, [...args, sockets.unix, sockets.hvsock], {
    env: minimalEnv(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(server.stdout, 'data'),
    once(server, 'exit').then(() => Promise.reject(new Error('the echo server ended at once'))),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit');
      server.stdin.end();
      await ended;
    },
  };
}
