import type { Vitest } from 'vitest/node';
import type { RunFacts, SetupFact } from '../../helpers/contract/run-facts.ts';
import type { Target } from '../../helpers/contract/target.ts';
import { selectionOf } from '../../helpers/contract/test-selection.ts';
import { defined } from '../../helpers/defined.ts';
import { declaredFields } from '../../protos/fields.ts';
import { isOfAgent, loadAgentProtos, loadShimProtos, type Protos } from '../../protos/load.ts';
import { describeUnderTest, methodsUnderTest } from '../../protos/under-test.ts';

/** Collects the facts that a run's report contains. */
export function describeRun(target: Target, setup: readonly SetupFact[], commit: string, vitest: Vitest): RunFacts {
  const { changes, features, generation, kind, libc, toolchain, version } = target.agent;
  const agent = loadAgentProtos({ generation, directory: target.protos });
  const { shard } = vitest.config;
  return {
    runId: target.runId,
    target: target.name,
    hypervisor: target.hypervisor,
    banner: target.banner,
    ...defined({ runtime: target.runtime, muted: target.mute?.name, mutant: target.mutant }),
    agent: { kind, version, generation, ...defined({ features, libc, toolchain, changes }) },
    components: target.components.map(({ name, version, source, features, toolchain, changes }) => ({
      name,
      ...defined({ version, source, features, toolchain, changes }),
    })),
    versions: target.versions,
    declared: [
      ...methodsOf(agent).filter(isOfAgent),
      ...(target.containerd === undefined ? [] : methodsOf(loadShimProtos())),
    ],
    fields: fieldsIn({ generation, directory: target.protos }, { shim: target.containerd !== undefined }),
    setup,
    commit,
    reducedBy: selectionOf(vitest),
    ...(shard === undefined || shard === null ? {} : { shard: { index: shard.index, count: shard.count } }),
  };
}

function fieldsIn(...described: Parameters<typeof describeUnderTest>): RunFacts['fields'] {
  const protos = describeUnderTest(...described);
  const methods = [...methodsUnderTest(protos)];
  return Object.fromEntries(methods.map(([method, request]) => [method, declaredFields(protos, request)]));
}

function methodsOf({ services }: Protos): string[] {
  return [...services].flatMap(([service, definition]) => Object.keys(definition).map((name) => `${service}/${name}`));
}
