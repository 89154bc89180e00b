import { availableParallelism } from 'node:os';
import { defaultExclude, defineConfig } from 'vitest/config';
import { RELEASE_FACTS, type ReleaseTag } from './helpers/contract/release-facts.ts';
import { CAPABILITIES, type Capability } from './helpers/contract/target.ts';
import { TIME_LIMITS } from './helpers/contract/time-limits.ts';
import { keepReporter } from './reports/keep-reporter.ts';
import type { ReporterOptions } from './reports/reporter.ts';
import { readKnownIssues } from './reports/run/known-issues.ts';
import { loadConfig, reportsDirOf, secretsOf } from './setup/config/config.ts';
import { LongestFirst, wantedTarget } from './setup/vitest/sequencer.ts';

const SUITES = 'suites';
const HARNESS_TIMEOUT_MS = 30_000;
const LIFECYCLE = 'setup/lifecycle*.test.ts';
const FAULTS = 'setup/commands/faults/**/*.test.ts';
const FAULTS_TIMEOUT_MS = 300_000;

const tags = [
  ...Object.entries(CAPABILITIES).map(([name, description]) => ({ name: name as Capability, description })),
  ...Object.entries(RELEASE_FACTS).map(([name, { what }]) => ({ name: name as ReleaseTag, description: what })),
];

/** Known issues: workers grant each test the retries of the issues that name it (setup/vitest/worker.ts). */
const knownIssues = await readKnownIssues('suites/known-issues.json');

const reporting = {
  project: SUITES,
  reportsDir: () => reportsDirOf(),
  settings: () => {
    const { coverageGate, githubSummary, historyDir, reportsDir } = loadConfig();
    return { coverageGate, githubSummary, historyDir, reportsDir, secrets: secretsOf() };
  },
} satisfies ReporterOptions;

export default defineConfig({
  cacheDir: `node_modules/.vite/${wantedTarget()}`,
  plugins: [keepReporter(reporting)],
  test: {
    // Vitest's cache of transformed modules is below node_modules; a user who cannot write there gets no cache.
    fsModuleCache: process.getuid?.() === 0,
    sequence: { sequencer: LongestFirst },
    // Set at the root only: in a project, Vitest would run the global set-up once more.
    globalSetup: ['./setup/vitest/global.ts'],
    // This project's reporter comes first: Vitest's own throws on some values that tests throw (a stack that is not a
    // text), and reporters after it are then not called.
    reporters: [['./reports/reporter.ts', reporting], 'default'],
    // Milliseconds above which Vitest marks a test as slow; the report has the durations of all tests.
    slowTestThreshold: 5_000,
    // Long timeout in milliseconds: a worker's guests end with the worker, and an emulated machine takes long to end
    // its sandboxes.
    teardownTimeout: 60_000,
    attachmentsDir: 'reports/out/attachments',
    tags,
    strictTags: true,
    projects: [
      {
        test: {
          name: SUITES,
          include: ['suites/**/*.spec.ts'],
          setupFiles: ['./setup/vitest/worker.ts'],
          testTimeout: TIME_LIMITS.spec,
          hookTimeout: TIME_LIMITS.spec,
          tags,
          provide: { knownIssues },
          // Test files are not isolated: a worker loads the modules that specs use once, for all files it runs. The
          // files share these modules and guests (fixtures/guest/sharing.ts); other fixtures end with their file, and
          // no spec overrides a fixture for more than its own file (fixtures/extend/specs.test.ts).
          isolate: false,
          // One worker more than there are processors, since specs also wait; at most four. Each worker has a guest,
          // and in an emulated one the first calls are slow: two processors finish sooner with three workers than with
          // four.
          maxWorkers: Math.min(4, availableParallelism() + 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'harness',
          include: ['{setup,fixtures,protos,helpers,reports}/**/*.test.ts'],
          exclude: [...defaultExclude, LIFECYCLE, FAULTS],
          testTimeout: HARNESS_TIMEOUT_MS,
          hookTimeout: HARNESS_TIMEOUT_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // Tests that look at the whole machine. They run alone: other tests have resources while they run, and
          // teardown would end them.
          name: 'lifecycle',
          include: [LIFECYCLE],
          testTimeout: HARNESS_TIMEOUT_MS,
          hookTimeout: HARNESS_TIMEOUT_MS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          // Tests that take minutes because they fault a whole run: set-up killed, disk filled up, artefacts damaged on
          // disk.
          name: 'faults',
          include: [FAULTS],
          testTimeout: FAULTS_TIMEOUT_MS,
          hookTimeout: FAULTS_TIMEOUT_MS,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
