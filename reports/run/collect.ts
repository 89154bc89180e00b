import type { SerializedError, TestCase, TestModule } from 'vitest/node';
import type { EvidenceFact, RunFacts, TestFacts, TimingFact } from '../../helpers/contract/run-facts.ts';
import { defined } from '../../helpers/defined.ts';
import type { Failure, RunReport, Subject, Test } from '../model.ts';
import { failureOf, shown } from './failure.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Vitest's results of a run, as plain data. */
export interface Collected {
  readonly tests: readonly Test[];
  readonly errors: RunReport['errors'];
  readonly facts: readonly RunFacts[];
  readonly timings: readonly TimingFact[];
  /** Test files that are in more than one of the merged reports; each is read once. */
  readonly repeated: readonly string[];
}

/** Options for reading Vitest's results. */
export interface CollectOptions {
  /** Directory of the project; paths in the report are relative to it. */
  readonly root: string;
  /** Whether tests were selected by name or tag. */
  readonly selected: boolean;
}

/** Reads Vitest's results. A result that cannot be read becomes a failure in the report. */
export function collect(
  modules: readonly TestModule[],
  others: readonly SerializedError[],
  options: CollectOptions,
): Collected {
  const { root } = options;
  const facts = new Map<string, RunFacts>();
  const tests: Test[] = [];
  const timings: TimingFact[] = [];
  const errors: RunReport['errors'] = others.map((error) => failureOf(error, root));
  const seen = new Map<string, number>();
  const files = new Set<string>();
  const repeated = new Set<string>();
  for (const module of modules) {
    const file = module.relativeModuleId;
    const key = `${module.project.name}:${file}`;
    if (files.has(key)) {
      repeated.add(file);
      continue;
    }
    files.add(key);
    const { kataRun } = module.meta() as { kataRun?: RunFacts };
    if (kataRun !== undefined) facts.set(kataRun.runId, kataRun);
    const groups = [module, ...module.children.allSuites()];
    errors.push(...groups.flatMap((group) => group.errors().map((error) => ({ ...failureOf(error, root), file }))));
    for (const testCase of module.children.allTests()) {
      const test = readTest(testCase, module, kataRun, options);
      timings.push(...test.timings);
      tests.push(unique(test.test, seen));
    }
  }
  return { tests, errors, facts: [...facts.values()], timings, repeated: [...repeated] };
}

interface ReadTest {
  readonly test: Test;
  readonly timings: readonly TimingFact[];
}

function readTest(
  testCase: TestCase,
  module: TestModule,
  run: RunFacts | undefined,
  options: CollectOptions,
): ReadTest {
  try {
    const { kataTest } = testCase.meta() as { kataTest?: TestFacts };
    return { test: testOf(testCase, module, run, options), timings: [...(kataTest?.timings ?? [])] };
  } catch (problem) {
    const failure = { name: 'Error', message: `the result of this test cannot be read: ${shown(problem)}`, stack: [] };
    return { test: { ...identityOf(testCase, module, run), ...failed([failure]), ...NOTHING_MEASURED }, timings: [] };
  }
}

/** The subject under test (target, agent, kernel), from the facts of a run. */
export function subjectOf(facts: RunFacts): Subject {
  const {
    runId,
    target,
    hypervisor,
    runtime,
    banner,
    muted,
    mutant,
    agent,
    components = [],
    setup,
    shard,
    versions = [],
  } = facts;
  return {
    runId,
    target,
    hypervisor,
    banner,
    ...defined({ runtime, muted, mutant }),
    generation: agent.generation,
    agent: withoutGeneration(agent),
    components: components.map(({ changes, features, ...component }) => ({
      ...component,
      ...defined({ changes: changes && [...changes], features: features && [...features] }),
    })),
    versions: versions.map(({ declared, program, version }) => ({ program, version, ...defined({ declared }) })),
    setup: [...setup].sort((a, b) => a.startedAt - b.startedAt),
    ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` }),
  };
}

function withoutGeneration({ changes, features, generation: _, ...agent }: RunFacts['agent']): Subject['agent'] {
  return { ...agent, ...defined({ changes: changes && [...changes], features: features && [...features] }) };
}

/** Adds a number to the names of tests with the same name, for example of a table with equal rows. */
function unique(test: Test, seen: Map<string, number>): Test {
  const times = (seen.get(test.id) ?? 0) + 1;
  seen.set(test.id, times);
  return times === 1 ? test : { ...test, id: `${test.id} (${times})` };
}

const NOTHING_MEASURED = { durationMs: 0, retries: 0, calls: [] };

function testOf(testCase: TestCase, module: TestModule, run: RunFacts | undefined, options: CollectOptions): Test {
  const diagnostic = testCase.diagnostic();
  const { kataTest } = testCase.meta() as { kataTest?: TestFacts };
  const evidence = evidenceOf(testCase);
  return {
    ...identityOf(testCase, module, run),
    ...outcomeOf(testCase, run, options),
    ...(diagnostic?.startTime ? { startedAt: diagnostic.startTime } : {}),
    durationMs: Math.round(diagnostic?.duration ?? 0),
    retries: diagnostic?.retryCount ?? 0,
    calls: (kataTest?.calls ?? []).map(({ method, status, durationsMs, fields }) => ({
      method,
      status,
      durationsMs: [...durationsMs],
      fields: [...fields],
    })),
    ...(kataTest?.fixtureMethods.length ? { fixtureMethods: [...kataTest.fixtureMethods] } : {}),
    ...defined({ evidence }),
  };
}

function identityOf(testCase: TestCase, module: TestModule, run: RunFacts | undefined) {
  return {
    id: `${module.relativeModuleId} > ${testCase.fullName}`,
    name: testCase.name,
    groups: groupsOf(testCase),
    file: module.relativeModuleId,
    project: testCase.project.name,
    ...(run === undefined ? {} : { runId: run.runId }),
    tags: [...testCase.tags],
  };
}

type TestOutcome = Pick<Test, 'outcome' | 'reason' | 'notTried' | 'failures' | 'fingerprint'>;

function outcomeOf(testCase: TestCase, run: RunFacts | undefined, { root, selected }: CollectOptions): TestOutcome {
  const result = testCase.result();
  const failures = (result.errors ?? []).map((error) => failureOf(error, root));
  switch (result.state) {
    case 'failed':
      // A failed test without an error gets a message of ours: Vitest reports no error for `throw []`.
      return failed(failures.length > 0 ? failures : [WITHOUT_ERROR]);
    case 'passed':
      return { ...failed(failures), outcome: testCase.diagnostic()?.flaky ? 'flaky' : 'passed' };
    case 'pending':
      return {
        outcome: 'skipped',
        ...NOT_REACHED,
        failures,
      };
    case 'skipped':
      return {
        outcome: 'skipped',
        failures,
        ...skipOf(testCase, result.note, selected || (run?.reducedBy.length ?? 0) > 0),
      };
  }
}

const NOT_REACHED = { reason: 'the run or its worker ended before the test did', notTried: 'not reached' } as const;

/** Vitest's note on a test that `--bail` or an interrupt ended while its file was running. */
const ABORTED = 'The test run was aborted by the user.';

const WITHOUT_ERROR: Failure = { name: 'Error', message: 'the test failed without an error', stack: [] };

function failed(failures: Failure[]): TestOutcome {
  const [first] = failures;
  return { outcome: 'failed', failures, ...(first === undefined ? {} : { fingerprint: fingerprintOf(first) }) };
}

/**
 * Why a test was skipped. Vitest sets a note, possibly empty, on a test that is skipped by itself or its fixtures; none
 * on a test that Vitest skips itself.
 */
function skipOf(testCase: TestCase, note: string | undefined, selected: boolean): Pick<Test, 'reason' | 'notTried'> {
  if (note === ABORTED) return NOT_REACHED;
  if (note !== undefined) return { reason: note.trim() === '' ? 'no reason given (empty text)' : note };
  if (testCase.options.mode === 'todo') return { reason: 'not written yet (test.todo)' };
  for (let parent = testCase.parent; ; parent = parent.parent) {
    if (parent.errors().length > 0) return { reason: 'a hook or the file around it failed', notTried: 'group failed' };
    if (parent.type === 'module') {
      return { reason: selected ? 'not selected' : 'no reason given (test.skip, test.only)', notTried: 'not selected' };
    }
  }
}

function groupsOf(testCase: TestCase): string[] {
  const groups: string[] = [];
  for (let parent = testCase.parent; parent.type === 'suite'; parent = parent.parent) groups.unshift(parent.name);
  return groups;
}

function evidenceOf(testCase: TestCase): string | undefined {
  const artifacts = testCase.artifacts() as unknown as readonly (EvidenceFact | { readonly type: string })[];
  const found = artifacts.find((artifact): artifact is EvidenceFact => artifact.type === 'kata:evidence');
  return found?.name;
}
