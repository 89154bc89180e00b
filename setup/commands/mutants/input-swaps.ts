import { join } from 'node:path';
import { CDH_MUTANTS, CDH_PROXY, type CdhMutantName } from '../../../helpers/contract/cdh-mutant.ts';
import { type Detection, readDetected, writeDetected } from '../../../helpers/contract/detected.ts';
import { INPUT_SWAPS, type InputSwap, type InputSwapName } from '../../../helpers/contract/input-swap.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { projectPath } from '../../project.ts';
import { isDetectedIn, isKnown, storedFor, testsOf, undetected, withRed, withUnchanged } from './detections.ts';
import { plainId } from './mute-choice.ts';
import { type Report, runSuites } from './run-suites.ts';
import { digestsOf } from './spec-digests.ts';
import { recordSwap } from './swap-verdict.ts';
import { checkAgent, INDEPENDENT, subjectOf, unchangedTests } from './unchanged-tests.ts';

/** Timeout of a spec file with one mutant, in milliseconds. */
const TIMEOUT_MS = 3_600_000;
/** File with the results. */
const DETECTED_FILE = projectPath('suites/detected.json');

/** An assertion about the error of a call without an answer. */
const UNANSWERED = /^expected RpcError: \[(?:unavailable|deadline_exceeded)\]/;

/** Name of a mutant of inputs or of the CDH. */
export type GuestMutantName = InputSwapName | CdhMutantName;

const GUEST_MUTANTS: Readonly<Record<GuestMutantName, InputSwap>> = { ...INPUT_SWAPS, ...CDH_MUTANTS };

/** Which mutants to run with which spec files. */
export interface SwapsRequest {
  readonly names: readonly GuestMutantName[];
  /** Only these spec files; by default all that a mutant names. */
  readonly specs?: readonly string[] | undefined;
  /** Whether to repeat what suites/detected.json has. */
  readonly again?: boolean | undefined;
}

/**
 * Runs the suites of mutants of inputs and of the CDH on the configured target and with the configured agent, first without a mutant; on
 * target vm, those of mutants of the CDH with the server between agent and CDH that changes nothing. Writes suites/detected.json after every run, and measures what it
 * has only if `again` is set. Each mutant must turn a test red, and each test of these suites must turn red with one; else the exit code is
 * 1.
 */
export async function runInputSwaps({ again = false, names, specs = [] }: SwapsRequest): Promise<void> {
  const { mutant: set, reportsDir, target } = loadConfig();
  if (set !== undefined) throw new ConfigError('unset KATA_MUTANT: each run has a mutant of its own');
  if (target === 'auto') throw new ConfigError('set KATA_TARGET: results are those of a target');
  const suitesOf = (name: GuestMutantName): readonly string[] =>
    GUEST_MUTANTS[name].suites.filter((suite) => specs.length === 0 || specs.includes(suite));
  const suites = [...new Set(names.flatMap(suitesOf))];
  if (suites.length === 0)
    throw new ConfigError(`--specs ${specs.join(' ')}: none of them is a suite of these mutants`);
  const signal = takeOverSignals(() => {});
  const run = (mutant: string, file: string): Promise<Report> => {
    console.log(`running ${file} with ${mutant === '' ? 'nothing changed' : mutant}`);
    const environment = { KATA_MUTANT: mutant, KATA_EVIDENCE: 'never' };
    return runSuites([file], { environment, inherit: true, signal, timeoutMs: TIMEOUT_MS });
  };
  const [key, known] = await measureUnchanged(suites, target, {
    again,
    run: (file) => run(target === 'vm' && isOfCdh(file) ? CDH_PROXY : '', file),
  });
  for (const [test, why] of INDEPENDENT) console.log(`not counted: tests that match ${test}: ${why}`);
  let results = known;
  for (const name of names) {
    for (const file of suitesOf(name)) {
      if (isDetectedIn(results, name, file)) continue;
      const report = await run(name, file);
      checkAgent(results, subjectOf(report).agent);
      results = withRed(results, name, redTests(testsOf(results, [file]), report));
      await writeDetected(DETECTED_FILE, key, results);
    }
    const tests = testsOf(results, suitesOf(name));
    const red = tests.filter((test) => results.detected[test]?.includes(name));
    const mutant = { name, mutation: GUEST_MUTANTS[name].mutation };
    const of = `${tests.length} tests`;
    await recordSwap(join(reportsDir, 'mutants.json'), mutant, { killed: red.length > 0, of, red });
  }
  for (const line of detectionLines(testsOf(results, suites), results)) console.log(line);
  if (undetected(testsOf(results, suites), results).length > 0) process.exitCode = 1;
}

/** Whether a spec file must notice mutants of the CDH. */
function isOfCdh(file: string): boolean {
  return Object.values<InputSwap>(CDH_MUTANTS).some(({ suites }) => suites.includes(file));
}

/** The results of a target with the tests of these spec files that pass without a mutant: files that are unknown or have changed run. */
async function measureUnchanged(
  suites: readonly string[],
  target: string,
  { again, run }: { readonly again: boolean; readonly run: (file: string) => Promise<Report> },
): Promise<readonly [key: string, results: Detection]> {
  const digests = await digestsOf(suites);
  let known = storedFor(await readDetected(DETECTED_FILE), target);
  for (const file of suites) {
    if (!again && known !== undefined && isKnown(known[1], file, digests)) continue;
    const { subject, tests } = unchangedTests(await run(file));
    const kept = again && known?.[1].agent !== subject.agent ? undefined : known?.[1];
    if (kept !== undefined) checkAgent(kept, subject.agent);
    known = [subject.key, withUnchanged(kept, { agent: subject.agent, dependent: tests, files: [file], digests })];
    await writeDetected(DETECTED_FILE, ...known);
  }
  if (known === undefined) throw new Error('unreachable');
  return known;
}

/**
 * The tests that an assertion failed with a mutant. Other failures do not count, nor do assertions about a call that no agent or CDH
 * answered: a guest that does not boot, or that the mutant broke, fails every test and shows nothing.
 */
export function redTests(dependent: readonly string[], { tests }: Pick<Report, 'tests'>): readonly string[] {
  const asserted = tests.filter(({ failures }) =>
    failures.some(({ message, name }) => name === 'AssertionError' && !UNANSWERED.test(message)),
  );
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
