import { join } from 'node:path';
import { INPUT_SWAPS, type InputSwapName } from '../../../helpers/contract/input-swap.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { plainId } from './mute-choice.ts';
import { type Report, runSuites } from './run-suites.ts';
import { checkUnchanged, recordSwap, whyNone } from './swap-verdict.ts';

/** Timeout of the suites with one mutant, in milliseconds. */
const TIMEOUT_MS = 1_800_000;

/** Tests that depend on none of the inputs that mutants change, and why. */
const INDEPENDENT: readonly (readonly [test: RegExp, why: string])[] = [
  [/fails while the registry is down/, 'the registry answers nothing'],
  [/times out when the agent found no CDH/, 'the guest has no CDH'],
  [/is rejected without its authority/, 'the pull fails before its image policy is read'],
  [/unsigned image is accepted without an image policy/, 'the guest has no image policy'],
];

/** Tests that failed with each mutant, and those that failed with none. */
export interface InputVerdicts {
  readonly red: ReadonlyMap<InputSwapName, readonly string[]>;
  readonly green: readonly string[];
}

/**
 * Runs the suites of mutants of inputs on the configured target and with the configured agent, first without a mutant. Each mutant must
 * turn a test red, and each test of their suites must turn red with one of them; else the exit code is 1.
 */
export async function runInputSwaps(names: readonly InputSwapName[]): Promise<void> {
  const file = join(loadConfig().reportsDir, 'mutants.json');
  const signal = takeOverSignals(() => {});
  const run = (mutant: string, suites: readonly string[]): Promise<Report> =>
    runSuites(suites, { environment: { KATA_MUTANT: mutant }, inherit: true, signal, timeoutMs: TIMEOUT_MS });
  const suites = [...new Set(names.flatMap((name) => INPUT_SWAPS[name].suites))];
  console.log(`running ${suites.join(' ')} with nothing changed`);
  const dependent = passedTests(await run('', suites));
  for (const [test, why] of INDEPENDENT) console.log(`not counted: tests that match ${test}: ${why}`);
  const reports = new Map<InputSwapName, Report>();
  for (const name of names) {
    reports.set(name, await run(name, INPUT_SWAPS[name].suites));
    const red = judgeInputs(dependent, reports).red.get(name) ?? [];
    const mutant = { name, mutation: INPUT_SWAPS[name].mutation };
    await recordSwap(file, mutant, { killed: red.length > 0, of: `${dependent.length} tests`, red });
  }
  const { green } = judgeInputs(dependent, reports);
  for (const test of green) console.log(`stays green with each of them: ${test}`);
  if (green.length > 0) process.exitCode = 1;
}

/** The tests of a run without a mutant that depend on inputs. Throws if one fails without a mutant, or if none ran. */
export function passedTests({ tests }: Pick<Report, 'tests'>): readonly string[] {
  checkUnchanged({ tests });
  const passed = tests.filter(({ outcome }) => outcome === 'passed').map(plainId);
  if (passed.length === 0) throw new Error(`no spec ran: ${whyNone({ tests })}`);
  return passed.filter((id) => !INDEPENDENT.some(([test]) => test.test(id)));
}

/**
 * Which tests an assertion failed with each mutant, and which tests with none. Other failures do not count: a guest that does not boot
 * fails every test and shows nothing.
 */
export function judgeInputs(
  dependent: readonly string[],
  reports: ReadonlyMap<InputSwapName, Pick<Report, 'tests'>>,
): InputVerdicts {
  const red = new Map(
    [...reports].map(([name, { tests }]) => {
      const asserted = tests.filter(({ failures }) => failures.some((failure) => failure.name === 'AssertionError'));
      const failed = new Set(asserted.map(plainId));
      return [name, dependent.filter((id) => failed.has(id))];
    }),
  );
  const detected = new Set([...red.values()].flat());
  return { red, green: dependent.filter((id) => !detected.has(id)) };
}
