import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecError, run } from '../../../helpers/process/exec.ts';
import { loadConfig } from '../../config/config.ts';
import { findGo } from '../../config/toolchains.ts';
import { projectPath } from '../../project.ts';
import type { BenchContext } from './benchmark.ts';
import type { Series } from './measure.ts';
import type { Load } from './rpc-clients.ts';

/** Path of a program with containerd's own ttrpc client and server, or the reason why it is missing. */
export type GoPeer = { readonly program: string } | { readonly missing: string };

/** Builds the program with containerd's ttrpc client and server from the Go modules pinned by go.mod and go.sum. */
export async function buildGoPeer({ directory, say, signal }: BenchContext): Promise<GoPeer> {
  const { outbound } = loadConfig();
  const go = await findGo(outbound);
  if (go === undefined) return { missing: 'Go is not installed' };
  say("building containerd's Go client");
  const [source, program] = [join(directory, 'go'), join(directory, 'ttrpc-bench')];
  await cp(projectPath('setup/commands/bench/go'), source, { recursive: true });
  try {
    // Modules and compiled packages are kept in Go's caches below HOME, and verified against go.sum.
    await run([go, 'build', '-mod=readonly', '-trimpath', '-o', program, '.'], {
      cwd: source,
      env: outbound.go,
      signal,
    });
  } catch (error) {
    if (!(error instanceof ExecError) || signal.aborted) throw error;
    return { missing: `the Go build failed: ${error.stderr.trim().split('\n').at(-1) ?? error.message}` };
  }
  return { program };
}

/** Measures RPC calls of containerd's Go client. */
export async function measureGo(
  program: string,
  socket: { readonly kind: 'unix' | 'hvsock'; readonly path: string },
  load: Load,
  signal: AbortSignal,
): Promise<Series> {
  const numbers = [load.bytes, load.inFlight, load.durationMs].map(String);
  const { stdout } = await run([program, 'call', socket.kind, socket.path, ...numbers], { signal });
  return JSON.parse(stdout) as Series;
}
