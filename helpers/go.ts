import { dirname } from 'node:path';
import { HarnessError } from './errors.ts';
import { minimalEnv, run } from './exec.ts';
import { atLeast } from './version.ts';

/** A Go toolchain. */
export interface Go {
  readonly path: string;
  /** `1.26.8` */
  readonly version: string;
}

/** Asks a go what it is. */
export async function identifyGo(path: string, signal?: AbortSignal): Promise<Go> {
  const { stdout } = await run([path, 'version'], { signal, cwd: '/' });
  const [, version] = /^go version go(\S+)/.exec(stdout) ?? [];
  if (version === undefined) throw new HarnessError('go', `${path} version says ${JSON.stringify(stdout)}`);
  return { path, version };
}

/** From then on Go fetches, as a module, the version a source wants. Source: go.dev/doc/toolchain. */
const FIRST_TO_FETCH = '1.21';

/** Whether a Go that is too old for a source fetches another one for it. */
export function takesOther({ version }: Go): boolean {
  return atLeast(version, FIRST_TO_FETCH);
}

/** Environment in which a makefile finds this go, or has it fetch an `other` one. */
export function goEnvironment({ path }: Go, { other }: { readonly other: boolean }): Record<string, string> {
  return {
    GOTOOLCHAIN: other ? 'auto' : 'local',
    PATH: `${dirname(path)}:${minimalEnv()['PATH']}`,
    // What is exported from a repository is none itself.
    GOFLAGS: '-buildvcs=false',
  };
}

/** The version of Go a go.mod asks for, as `1.19`; `undefined` when it names none. */
export function wantedGo(goMod: string): string | undefined {
  return /^go (\d+(?:\.\d+)*)/m.exec(goMod)?.[1];
}
