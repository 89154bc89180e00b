import { join } from 'node:path';
import { CDH_MUTANTS, CDH_PROXY, type CdhMutantName, isCdhMutant } from '../../../helpers/contract/cdh-mutant.ts';
import { type Detection, readDetected, writeDetected } from '../../../helpers/contract/detected.ts';
import { INPUT_SWAPS, type InputSwap, type InputSwapName } from '../../../helpers/contract/input-swap.ts';
import { subjectKey } from '../../../helpers/contract/results-file.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { projectPath } from '../../project.ts';
import { isDetectedIn, stillHolding, undetected, withRed } from './detections.ts';
import { fileOf, plainId } from './mute-choice.ts';
import { type Report, runSuites } from './run-suites.ts';
import { digestsOf } from './spec-digests.ts';
import { checkUnchanged, recordSwap, whyNone } from './swap-verdict.ts';

/** Timeout of the suites with one mutant, in milliseconds. */
const TIMEOUT_MS = 3_600_000;
/** File with the results. */
const DETECTED_FILE = projectPath('suites/detected.json');

/** Name of a mutant of inputs or of the CDH. */
export type GuestMutantName = InputSwapName | CdhMutantName;

const GUEST_MUTANTS: Readonly<Record<GuestMutantName, InputSwap>> = { ...INPUT_SWAPS, ...CDH_MUTANTS };

/** Tests that depend on none of the inputs that mutants change, and that ask no CDH, and why. */
const INDEPENDENT: readonly (readonly [test: RegExp, why: string])[] = [
  [/times out when the agent found no CDH/, 'the guest has no CDH'],
  [/an agent without a CDH leaves a sealed environment variable sealed/, 'the guest has no CDH'],
  [
    /ExecProcess passes a sealed environment variable on as it is/,
    'the agent asks no CDH about a process of ExecProcess',
  ],
];

/** Which mutants to run with which spec files. */
export interface SwapsRequest {
  readonly names: readonly GuestMutantName[];
  /** Only these spec files; by default all that a mutant names. */
  readonly specs?: readonly string[] | undefined;
  /** Whether to repeat what suites/detected.json has. */
  readonly again?: boolean | undefined;
}

/**
 * Runs the suites of mutants of inputs and of the CDH on the configured target and with the configured agent, first without a mutant: for
 * mutants of the CDH, with the server between agent and CDH that changes nothing. Writes suites/detected.json after every run. Each mutant
 * must turn a test red, and each test of these suites must turn red with one; else the exit code is 1.
 */
export async function runInputSwaps({ again = false, names, specs = [] }: SwapsRequest): Promise<void> {
  const { mutant: set, reportsDir } = loadConfig();
  if (set !== undefined) throw new ConfigError('unset KATA_MUTANT: each run has a mutant of its own');
  const signal = takeOverSignals(() => {});
  const run = (mutant: string, suites: readonly string[]): Promise<Report> =>
    runSuites(suites, { environment: { KATA_MUTANT: mutant }, inherit: true, signal, timeoutMs: TIMEOUT_MS });
  const suitesOf = (name: GuestMutantName): readonly string[] =>
    GUEST_MUTANTS[name].suites.filter((suite) => specs.length === 0 || specs.includes(suite));
  const suites = [...new Set(names.flatMap(suitesOf))];
  if (suites.length === 0)
    throw new ConfigError(`--specs ${specs.join(' ')}: none of them is a suite of these mutants`);
  const unchanged = names.some(isCdhMutant) ? CDH_PROXY : '';
  console.log(`running ${suites.join(' ')} with nothing changed`);
  const truth = await run(unchanged, suites);
  const dependent = passedTests(truth);
  for (const [test, why] of INDEPENDENT) console.log(`not counted: tests that match ${test}: ${why}`);
  const [key, agent] = subjectOf(truth);
  const digests = await digestsOf(suites);
  const stored = (await readDetected(DETECTED_FILE))[key];
  let results = stillHolding(stored?.agent === agent ? stored : undefined, { agent, dependent, digests });
  for (const name of names) {
    const files = suitesOf(name).filter((file) => again || !isDetectedIn(results, name, file));
    if (files.length > 0) {
      results = withRed(results, name, redTests(dependent, await run(name, files)));
      await writeDetected(DETECTED_FILE, key, results);
    }
    const red = dependent.filter((test) => results.detected[test]?.includes(name));
    const mutant = { name, mutation: GUEST_MUTANTS[name].mutation };
    await recordSwap(join(reportsDir, 'mutants.json'), mutant, {
      ...{ killed: red.length > 0, red },
      of: `${dependent.filter((test) => suitesOf(name).includes(fileOf(test))).length} tests`,
    });
  }
  for (const line of detectionLines(dependent, results)) console.log(line);
  if (undetected(dependent, results).length > 0) process.exitCode = 1;
}

/** The tests of a run without a mutant that depend on inputs. Throws if one fails without a mutant, or if none ran. */
export function passedTests({ tests }: Pick<Report, 'tests'>): readonly string[] {
  checkUnchanged({ tests });
  const passed = tests.filter(({ outcome }) => outcome === 'passed').map(plainId);
  if (passed.length === 0) throw new Error(`no spec ran: ${whyNone({ tests })}`);
  return passed.filter((id) => !INDEPENDENT.some(([test]) => test.test(id)));
}

/**
 * The tests that an assertion failed with a mutant. Other failures do not count: a guest that does not boot fails every test and shows
 * nothing.
 */
export function redTests(dependent: readonly string[], { tests }: Pick<Report, 'tests'>): readonly string[] {
  const asserted = tests.filter(({ failures }) => failures.some((failure) => failure.name === 'AssertionError'));
  const failed = new Set(asserted.map(plainId));
  return dependent.filter((id) => failed.has(id));
}

/** What is printed for each test: the mutants that turned it red. */
function detectionLines(dependent: readonly string[], results: Detection): readonly string[] {
  const lines = dependent.map(
    (test) => `${(results.detected[test] ?? []).join(', ') || 'NO MUTANT'} turned red: ${test}`,
  );
  const green = undetected(dependent, results).length;
  return [
    ...lines,
    `${dependent.length - green} of ${dependent.length} tests were turned red; written to ${DETECTED_FILE}`,
  ];
}

function subjectOf({ subjects }: Pick<Report, 'subjects'>): readonly [key: string, agent: string] {
  const [subject] = subjects;
  if (subject === undefined) throw new Error('the suites did not run');
  return [subjectKey({ ...subject, kind: subject.agent.kind }), subject.agent.version];
}
