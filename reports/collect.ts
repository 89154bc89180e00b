import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { SerializedError, TestCase, TestModule } from 'vitest/node';
import type { EvidenceFact, RunFacts, TestFacts, TimingFact } from '../helpers/run-facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Failure, RunReport, Subject, Test } from './model.ts';

/** What Vitest knows of a run, as plain data and nothing else. */
export interface Collected {
  readonly tests: readonly Test[];
  readonly errors: RunReport['errors'];
  readonly facts: readonly RunFacts[];
  readonly timings: readonly TimingFact[];
}

export interface CollectOptions {
  /** The project's directory: paths are shown relative to it. */
  readonly root: string;
  /** Only tests of some names or tags were asked for: of the others Vitest says nothing but that it skipped them. */
  readonly selected: boolean;
}

/** Reads Vitest's results. */
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
  for (const module of modules) {
    const { kataRun } = module.meta() as { kataRun?: RunFacts };
    if (kataRun !== undefined) facts.set(kataRun.runId, kataRun);
    errors.push(...module.errors().map((error) => ({ ...failureOf(error, root), file: module.relativeModuleId })));
    for (const testCase of module.children.allTests()) {
      const { kataTest } = testCase.meta() as { kataTest?: TestFacts };
      timings.push(...(kataTest?.timings ?? []));
      tests.push(unique(testOf(testCase, module, kataRun, options), seen));
    }
  }
  return { tests, errors, facts: [...facts.values()], timings };
}

/** What was under test, of a run's facts. */
export function subjectOf(facts: RunFacts): Subject {
  const { runId, target, hypervisor, banner, agent, setup, shard } = facts;
  return {
    runId,
    target,
    hypervisor,
    banner,
    generation: agent.generation,
    agent: { kind: agent.kind, version: agent.version },
    setup: [...setup].sort((a, b) => a.startedAt - b.startedAt),
    ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` }),
  };
}

/** Two tests of one name (a table with equal rows) are told apart by a number. */
function unique(test: Test, seen: Map<string, number>): Test {
  const times = (seen.get(test.id) ?? 0) + 1;
  seen.set(test.id, times);
  return times === 1 ? test : { ...test, id: `${test.id} (${times})` };
}

function testOf(
  testCase: TestCase,
  module: TestModule,
  run: RunFacts | undefined,
  { root, selected }: CollectOptions,
): Test {
  const result = testCase.result();
  const diagnostic = testCase.diagnostic();
  const failures = (result.errors ?? []).map((error) => failureOf(error as SerializedError, root));
  const { kataTest } = testCase.meta() as { kataTest?: TestFacts };
  const evidence = evidenceOf(testCase);
  const outcome = result.state === 'passed' && diagnostic?.flaky ? 'flaky' : result.state;
  const [first] = failures;
  return {
    id: `${module.relativeModuleId} > ${testCase.fullName}`,
    name: testCase.name,
    groups: groupsOf(testCase),
    file: module.relativeModuleId,
    project: testCase.project.name,
    ...(run === undefined ? {} : { runId: run.runId }),
    tags: [...testCase.tags],
    outcome: outcome === 'pending' ? 'skipped' : outcome,
    ...(result.state === 'skipped'
      ? { reason: result.note ?? (selected || run?.filtered ? 'not asked for' : 'no reason given') }
      : {}),
    ...(outcome === 'pending' ? { reason: 'the run ended before it' } : {}),
    ...(diagnostic?.startTime ? { startedAt: diagnostic.startTime } : {}),
    durationMs: Math.round(diagnostic?.duration ?? 0),
    retries: diagnostic?.retryCount ?? 0,
    failures,
    ...(first === undefined ? {} : { fingerprint: fingerprintOf(first) }),
    calls: (kataTest?.calls ?? []).map(({ method, status, durationsMs }) => ({
      method,
      status,
      durationsMs: [...durationsMs],
    })),
    ...(evidence === undefined ? {} : { evidence }),
  };
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

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly method: string;
}

function failureOf(error: SerializedError, root: string): Failure {
  const {
    name = 'Error',
    message,
    diff,
    stacks,
    code,
  } = error as SerializedError & {
    readonly diff?: string;
    readonly stacks?: readonly Frame[];
  };
  const frames = (stacks ?? []).map(({ method, file, line, column }) => ({
    method,
    place: `${relative(root, file)}:${line}:${column}`,
  }));
  const [first] = frames;
  return {
    name,
    ...(typeof code === 'string' ? { code } : {}),
    message: plain(message),
    ...(diff ? { diff: plain(diff) } : {}),
    ...(first === undefined ? {} : { where: first.place }),
    stack: frames.map(({ method, place }) => (method === '' ? place : `${method} ${place}`)),
  };
}

/** Without colours; Vitest's diffs and messages carry them. */
function plain(text: string): string {
  return stripVTControlCharacters(text);
}
