import type { KataRuntime } from '../../../helpers/kata/runtimes.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { ArtefactStep, ServiceStep } from '../../step.ts';
import { kataRuntime } from './kata-runtime.ts';
import { kataRuntimeRs } from './kata-runtime-rs.ts';

type Resolved = Pick<ResolvedConfig, 'builtRuntime'>;

/** The step that builds the runtime of a configuration: a tree to copy over `/`. */
export function runtimeStep(config: Resolved): ArtefactStep {
  return builtRuntimeOf(config) === 'rs' ? kataRuntimeRs : kataRuntime;
}

/** The runtime that a configuration builds; `go` before it is resolved. */
export function builtRuntimeOf({ builtRuntime = 'go' }: Resolved): KataRuntime {
  return builtRuntime;
}

/** Step that only builds the runtime of a configuration. Its result is the path of the tree to copy over `/`. */
export const runtimeTree: ServiceStep<string> = {
  kind: 'service',
  id: 'runtime-tree',
  module: import.meta.url,
  title: 'Kata runtime',
  needs: (config) => [runtimeStep(config)],
  quiet: true,
  timeoutMs: 10_000,
  start: async ({ config, result }) => result(runtimeStep(config)),
};
