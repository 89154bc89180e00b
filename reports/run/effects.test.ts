import { expect, test } from 'vitest';
import type { Measurement, Proofs } from '../../helpers/contract/proofs.ts';
import { buildReport } from './build.ts';
import { exampleRun, exampleSources, exampleTest } from './example-run.ts';
import type { ReportInput } from './report-input.ts';

const PULL = 'grpc.Image/PullImage';
/** A run whose only test passes, and pulls an image. */
const passing = exampleRun({ tests: [exampleTest('one')], errors: [] });
const by = passing.tests[0]?.id ?? '';
const proofs = (measured: Partial<Measurement> = {}): Proofs => ({
  'local stand-in skopeo': {
    agent: '0.1.0',
    measured: '2026-03-01',
    specs: {},
    proved: { [PULL]: by, [`${PULL}.image`]: by },
    unproved: [],
    ...measured,
  },
});
const build = (more: Partial<ReportInput>) => buildReport(exampleSources({ collected: passing, ...more })).report;
const pulled = (sources: Partial<ReportInput>) => build(sources).coverage.methods.find(({ method }) => method === PULL);

test('the report has the proof of each method’s effect, and the fields that are proved, set and declared', () => {
  expect(pulled({ proofs: proofs() })).toMatchObject({
    effect: { provedBy: by },
    fields: { declared: 3, set: 2, proved: 1, excused: 0, unproved: ['container_id'], unset: ['source_creds'] },
  });
  const unproved = { local: { [`${PULL}.source_creds`]: 'a fact about upstream' } };
  expect(pulled({ proofs: proofs(), unproved })).toMatchObject({ fields: { excused: 1, unset: [] } });
  expect(pulled({ proofs: proofs({ proved: {} }) })).toMatchObject({ effect: {}, fields: { proved: 0 } });
});

test('a proof does not count if its test fails in this run, or is gone from its file', () => {
  const other = exampleTest('two');
  const run = { ...passing, tests: [...passing.tests, other] };
  const red = run.tests.map((each) => (each.id === by ? { ...each, outcome: 'failed' as const } : each));
  expect(pulled({ proofs: proofs(), collected: { ...run, tests: red } })?.effect).toEqual({});
  const gone = run.tests.filter(({ id }) => id !== by);
  expect(pulled({ proofs: proofs(), collected: { ...run, tests: gone } })?.effect).toEqual({});
  const elsewhere = proofs({ proved: { [PULL]: 'suites/other.spec.ts > a test' } });
  expect(pulled({ proofs: elsewhere })?.effect).toEqual({ provedBy: 'suites/other.spec.ts > a test' });
});

test('the report says where, when and with which agent effects were measured, or that they were not', () => {
  expect(build({ proofs: proofs() }).coverage).toMatchObject({
    measured: ['on 2026-03-01, target local, stand-in 0.1.0'],
    unmeasured: [],
  });
  expect(build({ proofs: proofs({ agent: '0.0.9' }) }).coverage.measured).toEqual([
    'on 2026-03-01, target local, stand-in 0.0.9, another version than 0.1.0 of this run',
  ]);
  const { coverage, warnings } = build({ collected: passing, coverageGate: true });
  expect(coverage).toMatchObject({ measured: [], unmeasured: ['local stand-in skopeo'], unproved: [] });
  expect(warnings).toContain(
    'no effects were measured for local stand-in skopeo: pnpm kata mutants --mute measures them',
  );
  expect(pulled({})?.effect).toBeUndefined();
});

test('with KATA_COVERAGE_GATE a full run fails for a method or field whose effect was measured and is neither proved nor excused', () => {
  const unproved = { everywhere: { 'grpc.Health/Check': 'no effect', [`${PULL}.container_id`]: 'not read' } };
  const verdicts = (measured: Partial<Measurement>, excused = unproved) =>
    build({ collected: passing, coverageGate: true, proofs: proofs(measured), unproved: excused }).verdicts.filter(
      (verdict) => verdict.includes('proves its effect'),
    );
  expect(verdicts({})).toEqual([]);
  expect(verdicts({ proved: { [`${PULL}.image`]: by } })).toEqual([
    `${PULL} has neither a spec that proves its effect (pnpm kata mutants --mute) nor an entry in suites/unproved.json`,
  ]);
  expect(verdicts({ proved: { [PULL]: by } })).toEqual([expect.stringContaining(`${PULL}.image has neither`)]);
});
