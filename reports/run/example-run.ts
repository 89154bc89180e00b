import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import type { Failure, Test } from '../model.ts';
import type { Collected } from './collect.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ReportInput } from './report-input.ts';

/** Start of the example run: 2026-03-04 05:06:07 UTC. */
export const BEGUN = Date.UTC(2026, 2, 4, 5, 6, 7);

/** Facts of an ordinary run, for tests of the reports. */
export function exampleFacts(facts: Partial<RunFacts> = {}): RunFacts {
  return {
    runId: 'abc123',
    target: 'local',
    hypervisor: 'none',
    banner: 'target local: the stand-in agent answered, not Kata.',
    agent: { kind: 'stand-in', version: '0.1.0', generation: 'skopeo' },
    declared: ['grpc.Health/Check', 'grpc.Image/PullImage', 'grpc.AgentService/GetFoo'],
    fields: { 'grpc.Image/PullImage': ['image', 'container_id', 'source_creds'], 'grpc.Health/Check': [] },
    setup: [
      { id: 'images', title: 'test images', outcome: 'kept', startedAt: BEGUN, durationMs: 40 },
      { id: 'registry', title: 'registry', outcome: 'done', startedAt: BEGUN + 40, durationMs: 210 },
    ],
    commit: '0123456789',
    reducedBy: [],
    ...facts,
  };
}

export const REFUSAL: Failure = {
  name: 'AssertionError',
  message: "expected { status: 'ok' } to match object { status: 'internal' }\nmore of it",
  diff: '- Expected\n+ Received\n\n  {\n-   "status": "internal",\n+   "status": "ok",\n  }',
  where: 'suites/image/signatures.spec.ts:33:20',
  stack: ['suites/image/signatures.spec.ts:33:20'],
};

/** A passed test for tests of the reports, with the given properties overridden. */
export function exampleTest(name: string, test: Partial<Test> = {}): Test {
  const file = test.file ?? 'suites/image/signatures.spec.ts';
  const groups = test.groups ?? ['with the policy of upstream’s rootfs'];
  const [failure] = test.failures ?? [];
  return {
    id: [file, ...groups, name].join(' > '),
    name,
    groups,
    file,
    project: 'suites',
    runId: 'abc123',
    tags: ['guest-pull-skopeo'],
    outcome: 'passed',
    startedAt: BEGUN + 1_000,
    durationMs: 420,
    retries: 0,
    failures: [],
    ...(failure === undefined ? {} : { fingerprint: fingerprintOf(failure) }),
    calls: [{ method: 'grpc.Image/PullImage', status: 'ok', durationsMs: [123.45], fields: ['image', 'container_id'] }],
    ...test,
  };
}

/** A run for tests of the reports that has one test of each outcome. */
export function exampleRun(more: Partial<Collected> = {}): Collected {
  return {
    facts: [exampleFacts()],
    tests: [
      exampleTest('a signed image is accepted'),
      exampleTest('an unsigned image <of & "alice"> is rejected', {
        outcome: 'failed',
        failures: [REFUSAL],
        evidence: 'abc123-1_2',
        calls: [
          { method: 'grpc.Image/PullImage', status: 'ok', durationsMs: [200], fields: [] },
          { method: 'grpc.Health/Check', status: 'ok', durationsMs: [0.5, 0.7], fields: [] },
        ],
      }),
      exampleTest('an image pull that fails now and then', { outcome: 'flaky', retries: 1, failures: [REFUSAL] }),
      exampleTest('an image of your own', { outcome: 'skipped', reason: 'PULL_IMAGE is not set', calls: [] }),
    ],
    errors: [{ name: 'Error', message: 'no such module\u0000\ud800', stack: [], file: 'suites/broken.spec.ts' }],
    timings: [
      { name: 'pull docker.io/library/busybox:latest', ms: 100 },
      { name: 'pull docker.io/library/large:100mb', ms: 5_000 },
      { name: 'boot', ms: 150 },
    ],
    repeated: [],
    ...more,
  };
}

/** Input of a report of the example run. */
export function exampleSources(more: Partial<ReportInput> = {}): ReportInput {
  const collected = more.collected ?? exampleRun();
  return {
    collected,
    startedAt: BEGUN,
    endedAt: BEGUN + 20_000,
    interrupted: false,
    merged: false,
    whole: { specFiles: [...new Set(collected.tests.map(({ file }) => file))], reducedBy: [] },
    passWithNoTests: false,
    suite: { version: '0.1.0', commit: '0123456789', dirty: false },
    knownIssues: [],
    excuses: {},
    proofs: {},
    unproved: {},
    coverageGate: false,
    history: [],
    tables: [],
    problems: [],
    warnings: [],
    ...more,
  };
}
