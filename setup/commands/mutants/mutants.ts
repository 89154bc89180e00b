import { join } from 'node:path';
import { CDH_MUTANTS, CDH_PROXY, isCdhMutant } from '../../../helpers/contract/cdh-mutant.ts';
import { INPUT_SWAPS, isInputSwap } from '../../../helpers/contract/input-swap.ts';
import { isPolicySwap, POLICY_SWAPS } from '../../../helpers/contract/policy-swap.ts';
import { readTable, writeTable } from '../../../helpers/contract/table.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { didYouMean } from '../../../helpers/text/nearest.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { MUTANTS } from '../../mutants/catalogue.ts';
import type { GuestMutantName, SwapsRequest } from './input-swaps.ts';
import { mergeVerdict, type Verdict } from './mutants-table.ts';
import { type Report, runSuites } from './run-suites.ts';

/** Timeout of the suites with one mutant, in milliseconds. A mutant that causes a timeout counts as detected. */
const TIMEOUT_MS = 180_000;

/**
 * Runs, for each mutant of the stand-in agent or the named ones, the suites that must detect it; sets the exit code to 1 if one
 * survives. Mutants of policies, of other inputs and of the CDH run only by name, since they need another agent.
 */
export async function runMutants(names: readonly string[], options: Omit<SwapsRequest, 'names'> = {}): Promise<void> {
  const others = [POLICY_SWAPS, INPUT_SWAPS, CDH_MUTANTS].flatMap((swaps) => Object.keys(swaps));
  const known = [...MUTANTS.map(({ name }) => name), ...others];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(
      `unknown mutant ${unknown}${didYouMean(unknown, known) || ';'} expected one of ${known.join(', ')}`,
    );
  const policies = names.filter(isPolicySwap);
  const inputs = names.filter(isGuestMutant);
  if (inputs.length === 0 && Object.keys(options).length > 0)
    throw new ConfigError('--specs and --again need --mute, or mutants of inputs or of the CDH');
  if (policies.length + inputs.length < names.length || names.length === 0) await runEdits(names);
  if (policies.length > 0) await (await import('./policy-swaps.ts')).runPolicySwaps(policies);
  if (inputs.length > 0) await (await import('./input-swaps.ts')).runInputSwaps({ ...options, names: inputs });
}

function isGuestMutant(name: string): name is GuestMutantName {
  return isInputSwap(name) || (isCdhMutant(name) && name !== CDH_PROXY);
}

async function runEdits(names: readonly string[]): Promise<void> {
  const config = loadConfig();
  const file = join(config.reportsDir, 'mutants.json');
  const chosen = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
  const suites = [...new Set(chosen.flatMap((mutant) => mutant.suites))];
  const signal = takeOverSignals(() => {});
  const run = { cache: config.cacheDir, signal };
  const truth = await runWith('', suites, run);
  const red = truth.tests.filter(({ outcome }) => outcome === 'failed');
  if (red.length > 0) throw new Error(`specs fail without a mutation: ${red.map(({ id }) => id).join('; ')}`);
  let survivors = 0;
  for (const mutant of chosen) {
    const verdict = judge(await runWith(mutant.name, mutant.suites, run));
    if (verdict.verdict !== 'killed') survivors += 1;
    console.log(
      `${verdict.verdict.padEnd(17)} ${mutant.name}: ${verdict.red} failed; ${verdict.spec}: ${verdict.says}`,
    );
    await writeTable(file, mergeVerdict(await readTable(file), mutant, verdict));
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} killed; written to ${file}`);
  if (survivors > 0) process.exitCode = 1;
}

function runWith(
  mutant: string,
  suites: readonly string[],
  { cache, signal }: { readonly cache: string; readonly signal: AbortSignal },
): Promise<Report> {
  const environment = { KATA_TARGET: 'local', KATA_AGENT: 'stand-in', KATA_MUTANT: mutant, KATA_CACHE_DIR: cache };
  return runSuites(suites, { environment, signal, timeoutMs: TIMEOUT_MS });
}

/**
 * Judges a run of the suites with a mutant. A failure counts if a spec's assertion failed and other specs passed: a
 * guest that does not boot would fail all specs and show nothing.
 */
function judge({ tests }: Report): Verdict {
  const red = tests.filter(({ outcome }) => outcome === 'failed');
  const compared = red.find(({ failures }) => failures.some(({ name }) => name === 'AssertionError'));
  const passed = tests.some(({ outcome }) => outcome === 'passed');
  const first = compared ?? red[0];
  const says = (first?.failures[0]?.message ?? '').split('\n', 1)[0]?.slice(0, 160) ?? '';
  const verdict = red.length === 0 ? 'SURVIVED' : compared && passed ? 'killed' : 'NO MEANINGFUL RED';
  return { verdict, red: red.length, spec: first?.id ?? '', says, all: red.map(({ id }) => id) };
}
