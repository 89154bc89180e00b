import { join } from 'node:path';
import { POLICY_SWAPS, type PolicySwap } from '../../../helpers/contract/policy-swap.ts';
import { readTable, writeTable } from '../../../helpers/contract/table.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { mergeVerdict } from './mutants-table.ts';
import { plainId } from './mute-choice.ts';
import { type Report, runSuites } from './run-suites.ts';

/** Spec files that set policies of the agent; specs of genpolicy set those that genpolicy generates. */
const SUITES = [
  'suites/agent/policy.spec.ts',
  'suites/agent/policy-requests.spec.ts',
  'suites/guest/policy.spec.ts',
  'suites/guest/initdata.spec.ts',
];
/** Timeout of the suites, in milliseconds. */
const TIMEOUT_MS = 1_800_000;
const SET_POLICY = 'grpc.AgentService/SetPolicy';
/** Group of the tests whose policy arrives otherwise than by SetPolicy. */
const IN_INITDATA = /> the agent’s policy in the initdata >/;

/** Tests that set a policy and do not depend on what the policies of specs allow or deny, and why. */
const INDEPENDENT: readonly (readonly [test: RegExp, why: string])[] = [
  [/SetPolicy with a text that /, 'their policy is a text that is no Rego'],
  [/SetPolicy accepts a policy of another package/, 'its policy is of another package'],
  [/default policy of the guest decides if the initdata has no policy/, 'its initdata has no policy'],
];

/**
 * Runs the specs of the agent's policy with mutants of their policies, on the configured target and with the configured agent. Each test
 * that sets a policy must turn red with each; sets the exit code to 1 if one stays green.
 */
export async function runPolicySwaps(swaps: readonly PolicySwap[]): Promise<void> {
  const { reportsDir } = loadConfig();
  const file = join(reportsDir, 'mutants.json');
  const signal = takeOverSignals(() => {});
  const run = (environment: Readonly<Record<string, string>>): Promise<Report> =>
    runSuites(SUITES, { environment, inherit: true, signal, timeoutMs: TIMEOUT_MS });
  console.log('running the specs of the agent’s policy with nothing changed');
  const dependent = dependentTests(await run({ KATA_MUTANT: '' }));
  for (const [test, why] of INDEPENDENT) console.log(`not counted: tests that match ${test}: ${why}`);
  for (const swap of swaps) {
    const { green, red } = judgeSwap(dependent, await run({ KATA_MUTANT: swap }));
    const verdict = green.length === 0 ? 'killed' : 'SURVIVED';
    console.log(`${verdict.padEnd(17)} ${swap}: ${red.length} of ${dependent.length} tests that set a policy failed`);
    for (const test of green) console.log(`stays green: ${test}`);
    const [first = ''] = red;
    const mutant = { name: swap, mutation: POLICY_SWAPS[swap] };
    const shown = { all: red, red: red.length, says: '', spec: first, verdict } as const;
    await writeTable(file, mergeVerdict(await readTable(file), mutant, shown));
    if (green.length > 0) process.exitCode = 1;
  }
}

/**
 * The tests of a run without a mutant that depend on the policies of specs. Throws if one fails without a mutant, or if none ran.
 */
export function dependentTests({ tests }: Pick<Report, 'tests'>): readonly string[] {
  const failed = tests.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) throw new Error(`specs fail without a mutation: ${failed.map(({ id }) => id).join('; ')}`);
  const sets = tests.filter(
    ({ calls, id, outcome }) =>
      outcome === 'passed' && (calls.some(({ method }) => method === SET_POLICY) || IN_INITDATA.test(id)),
  );
  const dependent = sets.map(plainId).filter((id) => !INDEPENDENT.some(([test]) => test.test(id)));
  if (dependent.length === 0) {
    const reason = tests.find(({ reason: why }) => why !== undefined)?.reason ?? 'the suites were not loaded';
    throw new Error(`no spec set a policy: ${reason}; use an agent with the feature agent-policy`);
  }
  return dependent;
}

/** Which of the tests failed in a run with a mutant, and which did not. */
export function judgeSwap(
  dependent: readonly string[],
  { tests }: Pick<Report, 'tests'>,
): { readonly green: readonly string[]; readonly red: readonly string[] } {
  const failed = new Set(tests.filter(({ outcome }) => outcome === 'failed').map(plainId));
  return { green: dependent.filter((id) => !failed.has(id)), red: dependent.filter((id) => failed.has(id)) };
}
