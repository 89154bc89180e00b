import { dirname } from 'node:path';
import { HarnessError } from './errors.ts';
import { type Environment, minimalEnv, run } from './exec.ts';
import { atLeast } from './version.ts';

/** A Go toolchain. */
export interface Go {
  readonly path: string;
  /** `1.26.8` */
  readonly version: string;
  /** What it is run with: proxies, GOPROXY, GOMODCACHE and the like. */
  readonly env: Environment;
}

/** Asks a go what it is, when it is run with `env`. */
export async function identifyGo(path: string, env: Environment, signal?: AbortSignal): Promise<Go> {
  const { stdout } = await run([path, 'version'], { env, signal, cwd: '/' });
  const [, version] = /^go version (?:devel )?go(\S+)/.exec(stdout) ?? [];
  if (version === undefined) throw new HarnessError('go', `${path} version says ${JSON.stringify(stdout)}`);
  return { path, version, env };
}

/** From then on Go fetches, as a module, the version a source wants. Source: go.dev/doc/toolchain. */
const FIRST_TO_FETCH = '1.21';

/** Whether a Go that is too old for a source fetches another one for it. */
export function takesOther({ version }: Pick<Go, 'version'>): boolean {
  return atLeast(version, FIRST_TO_FETCH);
}

/** Environment in which a makefile finds this go, or has it fetch an `other` one. */
export function goEnvironment({ env, path }: Go, { other }: { readonly other: boolean }): Record<string, string> {
  return {
    ...env,
    GOTOOLCHAIN: other ? 'auto' : 'local',
    PATH: `${dirname(path)}:${minimalEnv()['PATH']}`,
    // What is exported from a repository is none itself.
    GOFLAGS: ['-buildvcs=false', env['GOFLAGS'] ?? ''].join(' ').trimEnd(),
  };
}

/** The version of Go a go.mod asks for, as `1.19`; `undefined` when it names none. */
export function wantedGo(goMod: string): string | undefined {
  return /^go (\d+(?:\.\d+)*)/m.exec(goMod)?.[1];
}
