import { dirname } from 'node:path';
import { HarnessError } from './errors.ts';
import { minimalEnv, run } from './exec.ts';

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

/** Environment in which a makefile finds this go. */
export function goEnvironment({ path }: Go): Record<string, string> {
  return {
    PATH: `${dirname(path)}:${minimalEnv()['PATH']}`,
    // What is exported from a repository is none itself.
    GOFLAGS: '-buildvcs=false',
  };
}

/** The version of Go a go.mod asks for, as `1.19`; `undefined` when it names none. */
export function wantedGo(goMod: string): string | undefined {
  return /^go (\d+(?:\.\d+)*)/m.exec(goMod)?.[1];
}
