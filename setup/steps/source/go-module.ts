import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { type Finished, run } from '../../../helpers/process/exec.ts';
import { atLeast } from '../../../helpers/text/version.ts';
import { canFetchToolchain, type Go, goEnvironment, requiredGo } from '../../../helpers/toolchain/go.ts';
import { isolatedGo } from '../../../helpers/toolchain/isolated-go.ts';
import type { SourceRevision } from '../../config/resolved.ts';
import type { StepContext } from '../../step.ts';
import { compiling } from './kata-source.ts';

/** Runs a command of a build; the isolated build may change the copy of the source and `writable`. */
export type RunBuild = (command: readonly string[], writable?: readonly string[]) => Promise<Finished>;

/** A Go module in a copy of its source. */
interface GoModule {
  /** Directory of the module. */
  readonly module: string;
  /** Directory of the copy. */
  readonly checkout: string;
  readonly source: SourceRevision;
  readonly go: Go;
  /** Code of errors. */
  readonly id: string;
}

/** Prepares the build of a Go module by its makefile, with the Go that it requires; isolated, unless the user has switched that off. */
export async function goModule(
  { checkout, go, id, module, source }: GoModule,
  { config, say, signal }: Pick<StepContext, 'config' | 'say' | 'signal'>,
): Promise<RunBuild> {
  const wanted = requiredGo(await readFile(join(module, 'go.mod'), 'utf8'));
  const tooOld = wanted !== undefined && !atLeast(go.version, wanted);
  if (tooOld && !canFetchToolchain(go)) {
    throw new ProvisionError(id, `${source.name} requires Go ${wanted}; ${go.path} is ${go.version}`);
  }
  say(tooOld ? `fetching Go ${wanted}, then ${compiling(source)}` : compiling(source));
  const env = goEnvironment(go, { other: tooOld });
  const cache = join(config.cacheDir, 'go-build-isolated');
  return config.buildIsolation
    ? isolatedGo({ go, module, checkout, cache, env, signal })
    : (command) => run(command, { env, signal });
}
