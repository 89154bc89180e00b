import { dirname } from 'node:path';
import { HarnessError } from '../errors.ts';
import { type Environment, minimalEnv, run } from '../process/exec.ts';
import { atLeast } from '../text/version.ts';

/** A Go toolchain on this machine. */
export interface Go {
  readonly path: string;
  /** Version of Go, such as `1.26.8`. */
  readonly version: string;
  /** Environment of the Go toolchain: proxies, GOPROXY, GOMODCACHE and the like. */
  readonly env: Environment;
}

/** Determines the version of a go that runs with `env`. */
export async function identifyGo(path: string, env: Environment, signal?: AbortSignal): Promise<Go> {
  const { stdout } = await run([path, 'version'], { env, signal, cwd: '/' });
  const [, version] = /^go version (?:devel )?go(\S+)/.exec(stdout) ?? [];
  if (version === undefined)
    throw new HarnessError('go', `expected "go version goVERSION" from ${path} version, not ${JSON.stringify(stdout)}`);
  return { path, version, env };
}

/**
 * First version of Go that fetches the toolchain which a source requires, as a module. Source: go.dev/doc/toolchain.
 */
const FIRST_TO_FETCH = '1.21';

/** Whether a Go that is too old for a source can fetch another toolchain. */
export function canFetchToolchain({ version }: Pick<Go, 'version'>): boolean {
  return atLeast(version, FIRST_TO_FETCH);
}

/** Environment in which a makefile uses this Go toolchain, which may fetch another version if `other` is set. */
export function goEnvironment({ env, path }: Go, { other }: { readonly other: boolean }): Record<string, string> {
  return {
    ...env,
    GOTOOLCHAIN: other ? 'auto' : 'local',
    PATH: `${dirname(path)}:${minimalEnv()['PATH']}`,
    // Set because the exported sources are not a git repository.
    GOFLAGS: ['-buildvcs=false', env['GOFLAGS'] ?? ''].join(' ').trimEnd(),
  };
}

/** The Go version that a go.mod requires, such as `1.19`; `undefined` if it names none. */
export function requiredGo(goMod: string): string | undefined {
  return /^go (\d+(?:\.\d+)*)/m.exec(goMod)?.[1];
}
