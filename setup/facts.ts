import type { Vitest } from 'vitest/node';
import type { RunFacts, SetupFact } from '../helpers/run-facts.ts';
import type { Target } from '../helpers/target.ts';
import { loadAgentProtos, loadShimProtos, type Protos } from '../protos/load.ts';
import type { Config } from './config.ts';

/** Puts together what a run says of itself. */
export function describeRun(config: Config, target: Target, setup: readonly SetupFact[], vitest: Vitest): RunFacts {
  const { kind, version, generation } = target.agent;
  const agent = loadAgentProtos({ generation, directory: target.protos });
  const { shard } = vitest.config;
  return {
    runId: target.runId,
    target: target.name,
    hypervisor: target.name === 'local' ? 'none' : config.hypervisor,
    banner: target.banner,
    agent: { kind, version, generation },
    declared: [...methodsOf(agent), ...(target.containerd === undefined ? [] : methodsOf(loadShimProtos()))],
    setup,
    filtered: isFiltered(vitest),
    ...(shard === undefined || shard === null ? {} : { shard: { index: shard.index, count: shard.count } }),
  };
}

/** Whether only a part of the suites was asked for: by file, name or tag. */
function isFiltered(vitest: Vitest): boolean {
  const { testNamePattern, tagsFilter = [] } = vitest.config;
  // Vitest keeps the files asked for to itself; the version is pinned, and a test of reports/ sees that it is right.
  const { filenamePattern = [] } = vitest as Vitest & { readonly filenamePattern?: readonly string[] };
  return filenamePattern.length > 0 || testNamePattern !== undefined || tagsFilter.length > 0;
}

function methodsOf({ services }: Protos): string[] {
  return [...services].flatMap(([service, definition]) => Object.keys(definition).map((name) => `${service}/${name}`));
}
