import { join } from 'node:path';
import { POLICY_SWAPS, type PolicySwap } from '../../../helpers/contract/policy-swap.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { plainId } from './mute-choice.ts';
import { type Report, runSuites } from './run-suites.ts';
import { checkUnchanged, recordSwap, whyNone } from './swap-verdict.ts';

/**
 * Spec files that set policies of the agent. Specs of genpolicy, whose policies the mutants replace too, are not among them: what a policy
 * of genpolicy must allow stays green with policy-allow-all.
 */
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
    const mutant = { name: swap, mutation: POLICY_SWAPS[swap] };
    const of = `${dependent.length} tests that set a policy`;
    await recordSwap(file, mutant, { killed: green.length === 0, of, red });
    for (const test of green) console.log(`stays green: ${test}`);
  }
}

/**
 * The tests of a run without a mutant that depend on the policies of specs. Throws if one fails without a mutant, or if none ran.
 */
export function dependentTests({ tests }: Pick<Report, 'tests'>): readonly string[] {
  checkUnchanged({ tests });
  const sets = tests.filter(
    ({ calls, id, outcome }) =>
      outcome === 'passed' && (calls.some(({ method }) => method === SET_POLICY) || IN_INITDATA.test(id)),
  );
  const dependent = sets.map(plainId).filter((id) => !INDEPENDENT.some(([test]) => test.test(id)));
  if (dependent.length === 0)
    throw new Error(`no spec set a policy: ${whyNone({ tests })}; use an agent with the feature agent-policy`);
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
