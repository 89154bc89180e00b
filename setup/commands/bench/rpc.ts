import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { minimalEnv } from '../../../helpers/process/exec.ts';
import { parseAddress } from '../../../helpers/vsock/address.ts';
import { projectPath } from '../../project.ts';
import type { Bench, BenchContext, Row } from './benchmark.ts';
import { besideGo, figureOf } from './beside-go.ts';
import { ECHO, echoMessage } from './echo-service.ts';
import { buildGoPeer, measureGo } from './go-peer.ts';
import { mediansInTurns, TURNS } from './in-turns.ts';
import { oneProcessPerCall } from './one-process-per-call.ts';
import { measureClient, measureConnection, measureWarm } from './rpc-clients.ts';

const TURN_MS = 400;
const MIB = 2 ** 20;
const SMALL = 64;

const CASES = [
  { bytes: SMALL, inFlight: 1 },
  { bytes: SMALL, inFlight: 64 },
  { bytes: MIB, inFlight: 1 },
  { bytes: MIB, inFlight: 64 },
] as const;
type Case = (typeof CASES)[number];

/** The client that specs use, in the rows of the bench. */
const OURS = 'our client, as in specs';

/**
 * Bench of unary ttrpc calls of our client, of containerd's, and of one process per call, all to the same server. Every
 * figure is the median of several turns, in each of which the clients are measured one after another.
 */
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
    const verdict =
      'missing' in go ? `no verdict: containerd's Go client was not measured: ${go.missing}` : judge(rows);
    return { rows, notes: [`medians of ${TURNS} turns; all clients called ${server} in a separate process`, verdict] };
  },
};

const NAMES = { unix: 'unix socket', hvsock: 'hybrid vsock' } as const;

function nameOf({ bytes, inFlight }: Case): string {
  return `${bytes === MIB ? '1 MiB' : `${bytes} B`}, ${inFlight} in flight`;
}

/** The verdict on the client that specs use, in one line. */
function judge(rows: readonly Row[]): string {
  const own = rows.filter(({ wanted, what }) => wanted !== undefined && what.endsWith(OURS));
  const broken = own.filter(({ wanted }) => wanted?.kept === false);
  const ratios = (those: readonly Row[]): string =>
    those
      .map(({ ratio = Number.NaN, wanted, what }) => `${what}: ${ratio.toFixed(2)} of Go (${wanted?.bound})`)
      .join('; ');
  return broken.length === 0 ? `verdict: kept. ${ratios(own)}` : `verdict: NOT KEPT. ${ratios(broken)}`;
}

interface Socket {
  readonly kind: 'unix' | 'hvsock';
  readonly path: string;
}

async function compare(socket: Socket, each: Case, go: string | undefined, context: BenchContext): Promise<Row[]> {
  const address = parseAddress(
    socket.kind === 'unix' ? `unix://${socket.path}` : `hvsock://${socket.path}:${ECHO.port}`,
  );
  const load = { ...each, durationMs: TURN_MS };
  const { go: reference, ...ours } = await mediansInTurns<string>({
    ...(go === undefined ? {} : { go: () => measureGo(go, socket, load, context.signal) }),
    [OURS]: () => measureClient(address, load),
    'our connection alone': () => measureConnection(address, load),
  });
  const small = each.bytes === SMALL;
  const name = `${NAMES[socket.kind]}, ${nameOf(each)}`;
  const rows = Object.entries(ours).map(([client, medians]): Row => {
    const row = { what: `${name}: ${client}`, figure: figureOf(medians) };
    return reference === undefined
      ? row
      : { ...row, ...besideGo(medians, reference, { inFlight: each.inFlight, small }) };
  });
  if (!small || each.inFlight !== 1) return rows;
  const processes = oneProcessPerCall(address, ECHO.service, ECHO.method, echoMessage(each.bytes));
  const { client, process } = await mediansInTurns({
    process: () => measureWarm(processes, load),
    client: () => measureClient(address, { ...load, inFlight: 64 }),
  });
  const ratio = client.callsPerSecond / process.callsPerSecond;
  const wanted = { bound: '>= 100 x the calls', kept: ratio >= 100 };
  return [
    ...rows,
    {
      what: `${NAMES[socket.kind]}, ${SMALL} B: our client, 64 in flight`,
      figure: figureOf(client),
      beside: `one process per call: ${figureOf(process)}`,
      ratio,
      wanted,
    },
  ];
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
