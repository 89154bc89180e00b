import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measurement, readProofs, writeProofs } from '../../../helpers/contract/proofs.ts';
import { subjectKey } from '../../../helpers/contract/results-file.ts';
import { renderTable, writeTable } from '../../../helpers/contract/table.ts';
import { readUnproved } from '../../../helpers/contract/unproved.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { projectPath } from '../../project.ts';
import { requireTest } from '../bisect/find-test.ts';
import { checkNames, chooseMutes, fileOf, namePattern, plainId, type Wanted } from './mute-choice.ts';
import { mutesTable } from './mute-table.ts';
import { failureOf } from './mute-verdict.ts';
import { type Report, type ReportedTest, runSuites } from './run-suites.ts';
import { digestsOf } from './spec-digests.ts';
import { planTrials, type Trial, type Trials } from './trials.ts';

/** File with the results, which the report of every run shows. */
const PROOFS_FILE = projectPath('suites/proofs.json');
/** File with the reasons why no spec proves the effect of a method or field. */
const UNPROVED_FILE = projectPath('suites/unproved.json');
/** Timeout of one run of the suites, in milliseconds. */
const RUN_MS = 3_600_000;
/**
 * A test that takes so much longer than with nothing muted has failed: an added time in milliseconds, and a factor.
 */
const PATIENCE = { ms: 20_000, factor: 3 };

/** What `pnpm kata mutants --mute` measures. */
export interface MutesRequest extends Wanted {
  /** The spec files that are to prove it; all by default. */
  readonly specs?: readonly string[] | undefined;
  /** Whether to repeat what suites/proofs.json has. */
  readonly again?: boolean | undefined;
}

/**
 * Runs the suites once with nothing withheld, and then tests of it with KATA_MUTE, on the configured target and agent,
 * until each method and field that a test uses is proved, or no test has failed without it. Writes suites/proofs.json
 * after every run. Sets the exit code to 1 if something is unproved for which suites/unproved.json gives no reason.
 */
export async function runMutes({ again = false, specs = [], ...wanted }: MutesRequest): Promise<void> {
  const reasons = await readUnproved(UNPROVED_FILE);
  const { mute, mutant, protos, reportsDir } = loadConfig();
  if (mute !== undefined || mutant !== undefined)
    throw new ConfigError('unset KATA_MUTE and KATA_MUTANT: each run is muted by its own KATA_MUTE');
  checkNames(wanted.names, protos);
  const signal = takeOverSignals(() => {});
  for (const file of specs) await requireTest(file, [], signal);
  console.log('running the suites with nothing muted');
  const truth = await runSuites(specs, { environment: {}, inherit: true, timeoutMs: RUN_MS, signal });
  for (const { id, outcome } of truth.tests)
    if (outcome === 'failed') console.log(`proves nothing, since it fails: ${id}`);
  const [subject] = truth.subjects;
  if (subject === undefined) throw new Error('the suites did not run');
  const key = subjectKey({ ...subject, kind: subject.agent.kind });
  const candidates = chooseMutes(wanted, truth);
  const digests = await digestsOf([...candidates.values()].flat().map(({ test }) => fileOf(test)));
  const stored = (await readProofs(PROOFS_FILE))[key];
  const kept = again || stored?.agent !== subject.agent.version ? undefined : stillValid(stored, candidates, digests);
  const known = new Set([...Object.keys(kept?.proved ?? {}), ...(specs.length > 0 ? [] : (kept?.unproved ?? []))]);
  const trials = planTrials(new Map([...candidates].filter(([muted]) => !known.has(muted))));
  const messages = new Map<string, string>();
  const measurement = (unproved: readonly string[]): Measurement => ({
    agent: subject.agent.version,
    measured: new Date().toISOString().slice(0, 10),
    specs: { ...kept?.specs, ...digests },
    proved: { ...kept?.proved, ...Object.fromEntries(trials.proved) },
    unproved: [...new Set([...(kept?.unproved ?? []), ...unproved])].filter((muted) => !trials.proved.has(muted)),
  });
  console.log(`${key}: ${trials.open.length} methods and fields to measure, ${known.size} known`);
  const byTest = new Map(truth.tests.map((test) => [plainId(test), test]));
  for (let round = 1, next = trials.next(); next.length > 0; round += 1, next = trials.next()) {
    const results = await runTrials(next, byTest, signal);
    settle(trials, next, results, messages);
    await writeProofs(PROOFS_FILE, key, measurement([]));
    console.log(`run ${round}: ${next.length} tests; ${trials.proved.size} proved, ${trials.open.length} to go`);
  }
  // Other spec files might prove what these do not.
  const final = measurement(specs.length > 0 ? [] : trials.open);
  await writeProofs(PROOFS_FILE, key, final);
  const shown = { ...final, unproved: [...new Set([...final.unproved, ...trials.open])] };
  const all = specs.length === 0 && wanted.names.length === 0;
  const unset = truth.coverage.methods.flatMap(({ fields, method }) =>
    (all ? (fields?.unset ?? []) : []).map((field) => `${method}.${field}`),
  );
  const { problems, table } = mutesTable(key, shown, { candidates, messages, reasons, target: subject.target, unset });
  await writeTable(join(reportsDir, 'mutes.json'), table);
  const rows = table.rows.filter(([, verdict = '']) => !['proved', 'never set'].includes(verdict));
  console.log(`\n${renderTable({ ...table, rows })}`);
  if (problems > 0) process.exitCode = 1;
}

/** Runs each test without the methods and fields of its trial, and returns the results by test. */
function runTrials(
  trials: readonly Trial[],
  truth: ReadonlyMap<string, ReportedTest>,
  signal: AbortSignal,
): Promise<Report> {
  const timeoutsMs: Record<string, number> = {};
  for (const { test } of trials) {
    const ms = Math.ceil(PATIENCE.ms + PATIENCE.factor * (truth.get(test)?.durationMs ?? 0));
    timeoutsMs[fileOf(test)] = Math.max(timeoutsMs[fileOf(test)] ?? 0, ms);
  }
  const tests = Object.fromEntries(trials.map(({ mutes, test }) => [test, mutes]));
  const files = [...new Set(trials.map(({ test }) => fileOf(test)))];
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-mutes-'), async (directory) => {
    const file = join(directory, 'mutes.json');
    await writeFile(file, JSON.stringify({ tests, timeoutsMs }));
    const args = ['-t', namePattern(Object.keys(tests))];
    return runSuites(files, { environment: { KATA_MUTE: file }, inherit: true, args, timeoutMs: RUN_MS, signal });
  });
}

function settle(trials: Trials, ran: readonly Trial[], { tests }: Report, messages: Map<string, string>): void {
  for (const trial of ran) {
    const failures = tests
      .filter((test) => plainId(test) === trial.test)
      .flatMap((test) => failureOf(test, trial.mutes) ?? []);
    trials.take(trial, failures.length > 0);
    const [only = '', ...others] = trial.mutes;
    if (others.length === 0 && failures[0] !== undefined) messages.set(only, failures[0]);
  }
}

/** The results that still hold: a result is measured again if a spec file changed of which it holds. */
function stillValid(
  stored: Measurement,
  candidates: ReadonlyMap<string, readonly { readonly test: string }[]>,
  digests: Readonly<Record<string, string>>,
): Measurement {
  const unchanged = (test: string): boolean => {
    const now = digests[fileOf(test)];
    return now === undefined || now === stored.specs[fileOf(test)];
  };
  return {
    ...stored,
    proved: Object.fromEntries(Object.entries(stored.proved).filter(([, test]) => unchanged(test))),
    unproved: stored.unproved.filter((muted) => (candidates.get(muted) ?? []).every(({ test }) => unchanged(test))),
  };
}
