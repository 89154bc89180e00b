import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../files.ts';
import { giveToBuild, rejectLinks } from '../isolation/ownership.ts';
import { runBuild } from '../isolation/run-build.ts';
import { readOnlyCommand } from '../isolation/sandbox.ts';
import { type Environment, type Finished, minimalEnv, run } from '../process/exec.ts';

/** A Go module to build by its makefile. */
interface ModuleToBuild {
  /** The user's go. */
  readonly go: { readonly path: string };
  /** Directory of the module, in a copy of its source. */
  readonly module: string;
  /** Directory of that copy. */
  readonly checkout: string;
  /** Directory in which Go keeps compiled packages between isolated builds. */
  readonly cache: string;
  /** Environment of go when it fetches modules. */
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/**
 * Fetches the modules of a source, and the Go that it requires, as this process's user, with the user's proxies and
 * credentials. Neither runs code of the source. Returns a function that runs a command of the build isolated, without
 * network, by which it may change the copy and `writable`. Sources: "Go Modules Reference", "Go Toolchains".
 */
export async function isolatedGo(
  build: ModuleToBuild,
): Promise<(command: readonly string[], writable?: readonly string[]) => Promise<Finished>> {
  const { cache, checkout, go, module, signal } = build;
  // The variables name directories of the Go that the source selects, which go fetches first.
  const names = ['GOROOT', 'GOMODCACHE', 'GOPATH'];
  const { stdout } = await run([go.path, 'env', ...names], { cwd: module, env: build.env, signal });
  const [root = '', modules = '', workspaces = ''] = stdout.split('\n');
  const checksums = join(workspaces.split(':', 1)[0] ?? '', 'pkg/sumdb');
  for (const directory of [cache, modules, checksums]) await mkdir(directory, { recursive: true });
  if (!(await fileExists(join(module, 'vendor/modules.txt')))) {
    const command = [go.path, 'mod', 'download'];
    await rejectLinks(module, 'go.sum');
    const fetching = readOnlyCommand({ writable: [modules, checksums, checkout], kept: [] }, command);
    await run(fetching, { cwd: module, env: build.env, signal, shownAs: command });
  }
  const env = {
    ...{ GOCACHE: cache, GOMODCACHE: modules, GOPROXY: 'off', GOTOOLCHAIN: 'local' },
    GOFLAGS: build.env['GOFLAGS'] ?? '',
    PATH: `${root}/bin:${minimalEnv()['PATH']}`,
  };
  return async (command, writable = []) => {
    const changed = [checkout, cache, ...writable];
    await giveToBuild(changed);
    const sandbox = { writable: changed, readable: [root, modules] };
    return runBuild(command, { sandbox, cwd: module, env, signal });
  };
}
