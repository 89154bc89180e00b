import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { defined } from '../helpers/defined.ts';

const object = <Fields extends Record<string, TSchema>>(fields: Fields, description?: string) =>
  Type.Object(fields, { additionalProperties: false, ...defined({ description }) });
const text = (description?: string) => Type.String(description === undefined ? {} : { description });
const count = () => Type.Integer({ minimum: 0 });
const ms = (description = 'milliseconds') => Type.Number({ minimum: 0, description });
const epoch = () => Type.Number({ description: 'milliseconds since the epoch' });

/** How a test ended. `flaky`: it passed after a retry. */
export const Outcome = Type.Union([
  Type.Literal('passed'),
  Type.Literal('failed'),
  Type.Literal('flaky'),
  Type.Literal('skipped'),
]);

/** An error of a test as a report shows it. */
export const Failure = object({
  name: text(),
  code: Type.Optional(text("a HarnessError's stable code, or a status")),
  message: text(),
  causes: Type.Optional(Type.Array(text(), { description: 'causes of the error, nearest first' })),
  diff: Type.Optional(text('expected and received, as a unified diff')),
  where: Type.Optional(text('file:line:column of the first frame in this project')),
  stack: Type.Array(text()),
});

/** RPC calls of a test by method and status. */
export const Calls = object({
  method: text(),
  status: text(),
  durationsMs: Type.Array(ms()),
  fields: Type.Array(text(), { description: 'fields that the requests to the agent set, as paths' }),
});

/** One test in a report. */
export const Test = object({
  id: text('file, groups and name, joined by " > "; the same from run to run'),
  name: text(),
  groups: Type.Array(text(), { description: 'the groups (describe) around it, outermost first' }),
  file: text(),
  project: text(),
  runId: Type.Optional(text()),
  tags: Type.Array(text()),
  outcome: Outcome,
  reason: Type.Optional(text('why it was skipped')),
  notTried: Type.Optional(
    Type.Union([Type.Literal('not selected'), Type.Literal('not reached'), Type.Literal('group failed')], {
      description: 'why a skipped test did not start: it was filtered out, the run ended, or a hook failed',
    }),
  ),
  startedAt: Type.Optional(epoch()),
  durationMs: ms(),
  retries: count(),
  failures: Type.Array(Failure),
  fingerprint: Type.Optional(text('equal for similar failures')),
  knownIssue: Type.Optional(text('URL of the known issue')),
  calls: Type.Array(Calls),
  fixtureMethods: Type.Optional(Type.Array(text(), { description: 'methods that its fixtures called before it' })),
  evidence: Type.Optional(text('name of its directory below evidence/')),
});

/** One step of set-up in a report. */
export const SetupStep = object({
  id: text(),
  title: text(),
  outcome: Type.Union([Type.Literal('kept'), Type.Literal('done'), Type.Literal('failed')]),
  feature: Type.Optional(text('the optional part of the configuration without which the step does not run')),
  startedAt: epoch(),
  durationMs: ms(),
  buildMs: Type.Optional(ms('duration of the build of what the step provides, in this run or an earlier one')),
});

/** What set-up of an optional part cost, or of what every run needs. */
export const SetupCost = object({
  part: text('the optional part, or `every run`'),
  steps: count(),
  built: { ...count(), description: 'steps that built something in this run' },
  fromNothingMs: Type.Optional(ms('with an empty cache; absent if the duration of a build is unknown')),
  durationMs: ms('in this run'),
});

/** A program beside the agent that took part in a run. */
export const Component = object({
  name: text(),
  version: Type.Optional(text('what a program of the user prints for --version')),
  source: Type.Optional(text('repository and revision from which this project built it')),
  features: Type.Optional(Type.Array(text(), { description: 'its cargo features' })),
  toolchain: Type.Optional(text('toolchain with which this project built it')),
  changes: Type.Optional(Type.Array(text(), { description: "how its build differs from upstream's" })),
});

/** The version of a program that Kata runs with, and what the Kata under test declares of it. */
export const RunningVersion = object({
  program: text('containerd, runc, QEMU, guest kernel, CNI plugins or Kubernetes'),
  version: text(),
  declared: Type.Optional(
    object(
      {
        minimum: Type.Optional(text()),
        latest: Type.Optional(text()),
        named: Type.Optional(text('a single version')),
      },
      'by versions.yaml of the Kata under test',
    ),
  ),
});

/** The subject under test (target, agent, kernel); a merged report has one for each shard. */
export const Subject = object({
  runId: text(),
  target: text(),
  hypervisor: text(),
  runtime: Type.Optional(text("Kata's runtime: go, or rs")),
  generation: text(),
  banner: text(),
  muted: Type.Optional(text('what our client withheld from the agent (KATA_MUTE): the run proves nothing about Kata')),
  mutant: Type.Optional(
    text('fault in the stand-in agent or in the policies of specs (KATA_MUTANT): the run proves nothing about Kata'),
  ),
  agent: object({
    kind: text(),
    version: text(),
    features: Type.Optional(Type.Array(text(), { description: 'cargo features of the agent, as far as known' })),
    libc: Type.Optional(text('C library with which this project linked the agent')),
    toolchain: Type.Optional(text('toolchain with which this project built the agent')),
    changes: Type.Optional(Type.Array(text(), { description: "how the agent's build differs from upstream's" })),
  }),
  components: Type.Array(Component, {
    description: 'programs beside the agent: CDH, attestation-agent, KBS and the like',
  }),
  versions: Type.Array(RunningVersion),
  shard: Type.Optional(text('index/count')),
  setup: Type.Array(SetupStep),
});

/** A method of the agent's API, and the calls of it in this run. */
export const Method = object({
  method: text('package.Service/Method'),
  declared: Type.Boolean({ description: 'the loaded protos declare it' }),
  tests: count(),
  outcomes: Type.Array(object({ status: text(), count: count() })),
  latency: Type.Optional(object({ p50: ms(), p95: ms(), max: ms() }, 'of the calls that succeeded')),
  excuse: Type.Optional(text('why no spec calls it')),
  effect: Type.Optional(
    object(
      {
        provedBy: Type.Optional(text('id of the test that fails if our client never sends the method')),
        excuse: Type.Optional(text('why no spec proves its effect')),
      },
      'of a method of the agent that a test calls with success, if it was measured with `pnpm kata mutants --mute`',
    ),
  ),
  fields: Type.Optional(
    object(
      {
        declared: count(),
        excused: count(),
        set: count(),
        proved: count(),
        unproved: Type.Array(text(), { description: 'set, but no test is known to fail without them; not excused' }),
        unset: Type.Array(text(), { description: 'declared, set by no test, and not excused' }),
      },
      'fields of its requests, of a method of the agent',
    ),
  ),
});

/** API coverage of a run: which of the agent's methods the specs called. */
export const Coverage = object({
  methods: Type.Array(Method),
  covered: count(),
  declared: count(),
  missing: Type.Array(text(), { description: 'declared, not called, and without an excuse' }),
  stale: Type.Array(text(), { description: 'excused, yet called' }),
  measured: Type.Array(text(), { description: 'where, when and with which agent the effects were measured' }),
  unmeasured: Type.Array(text(), { description: 'targets and agents of this run without a measurement' }),
  unproved: Type.Array(text(), {
    description: 'methods, and fields with their method, that the tests use without proof of an effect or an excuse',
  }),
});

/** Duration of an operation, as a multiple of the duration of the run's own pull of a small image. */
export const Budget = object({
  name: text(),
  ms: ms(),
  ratio: Type.Number({ minimum: 0 }),
  limit: Type.Number({ minimum: 0 }),
  samples: count(),
});

/** One run as a point of the trend: an earlier run, or this one. */
export const TrendPoint = object({
  runId: text(),
  at: epoch(),
  commit: text(),
  subject: text('target, hypervisor, runtime, generation and agent'),
  passed: count(),
  failed: count(),
  flaky: count(),
  skipped: count(),
  durationMs: ms(),
  budgets: Type.Record(Type.String(), Type.Number()),
});

/** A change of a test compared with earlier runs. */
export const Change = object({ id: text(), what: text() });

/** A column of the scenario matrix: the last outcome of every test on one subject. */
export const MatrixColumn = object({
  subject: text(),
  at: epoch(),
  outcomes: Type.Record(Type.String(), Outcome),
});

/** A table that another command wrote: mutants, benchmarks, faults, soak. */
export const Table = object({
  title: text(),
  columns: Type.Array(text()),
  rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]))),
  notes: Type.Array(text()),
});

/** A group of similar failures. */
export const FailureGroup = object({
  fingerprint: text(),
  title: text(),
  tests: Type.Array(text()),
  knownIssue: Type.Optional(text()),
  earlier: Type.Optional(object({ runs: count(), since: epoch(), commit: text() }, 'earlier runs with this failure')),
});

/** A spec file that `pnpm kata watch` ran, and why. */
export const WatchedFile = object({
  file: text(),
  reasons: Type.Array(text('`saved`, `failed in the last run`, `requested by key a`, which changed methods it calls')),
});

/** How much of the suites a run covered. */
export const Scope = object({
  files: object({ tried: count(), all: count() }, 'spec files; `all` counts those below suites/'),
  tests: object({ tried: count(), all: count() }, 'tests of the files that were loaded'),
  reducedBy: Type.Array(text(), { description: 'the known options that reduced the run, as given' }),
});

/** The complete report of a run: the source of all output formats, and the content of report.json. */
export const RunReport = Type.Object(
  {
    schema: Type.Literal('kata-cc-suite/run/1'),
    outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('interrupted')]),
    startedAt: epoch(),
    durationMs: ms(),
    full: Type.Boolean({
      description: 'every test ran or was skipped for a reason of its own; expiry and coverage are checked only then',
    }),
    scope: Scope,
    suite: object({ version: text(), commit: text(), dirty: Type.Boolean() }),
    subjects: Type.Array(Subject),
    totals: object({ passed: count(), failed: count(), flaky: count(), skipped: count() }),
    skips: Type.Array(object({ reason: text(), count: count() })),
    tests: Type.Array(Test),
    errors: Type.Array(
      Type.Composite([Failure, object({ file: Type.Optional(text()) })], { additionalProperties: false }),
      {
        description: 'errors outside tests: a file that could not be run, an unhandled rejection',
      },
    ),
    failures: Type.Array(FailureGroup),
    coverage: Coverage,
    budgets: Type.Array(Budget),
    trend: Type.Array(TrendPoint),
    changes: object({ failing: Type.Array(Change), slow: Type.Array(Change), flaky: Type.Array(Change) }),
    matrix: Type.Array(MatrixColumn),
    verdicts: Type.Array(text(), { description: 'why the run fails, besides failed tests' }),
    warnings: Type.Array(text()),
    setupCosts: Type.Array(SetupCost),
    tables: Type.Array(Table),
    watch: Type.Optional(
      Type.Array(WatchedFile, {
        description: 'in a run of `pnpm kata watch`: the spec files that it chose, in its order',
      }),
    ),
  },
  {
    $id: 'https://kata-cc-suite.invalid/run/1.json',
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A run of kata-cc-suite',
    additionalProperties: false,
  },
);

export type Outcome = Static<typeof Outcome>;
export type Failure = Static<typeof Failure>;
export type Test = Static<typeof Test>;
export type SetupCost = Static<typeof SetupCost>;
export type SetupStep = Static<typeof SetupStep>;
export type Subject = Static<typeof Subject>;
export type Method = Static<typeof Method>;
export type Coverage = Static<typeof Coverage>;
export type Budget = Static<typeof Budget>;
export type TrendPoint = Static<typeof TrendPoint>;
export type MatrixColumn = Static<typeof MatrixColumn>;
export type Table = Static<typeof Table>;
export type FailureGroup = Static<typeof FailureGroup>;
export type WatchedFile = Static<typeof WatchedFile>;
export type Scope = Static<typeof Scope>;
export type RunReport = Static<typeof RunReport>;
