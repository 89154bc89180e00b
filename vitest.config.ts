import { availableParallelism } from 'node:os';
import { defaultExclude, defineConfig } from 'vitest/config';
import { CAPABILITIES, type Capability } from './helpers/contract/target.ts';
import { TIME_LIMITS } from './helpers/contract/time-limits.ts';
import { keepReporter } from './reports/keep-reporter.ts';
import { readKnownIssues } from './reports/known-issues.ts';
import type { ReporterOptions } from './reports/reporter.ts';
import { loadConfig, reportsDirOf, secretsOf } from './setup/config/config.ts';
import { LongestFirst, wantedTarget } from './setup/vitest/sequencer.ts';

const SUITES = 'suites';
const HARNESS_TIMEOUT_MS = 30_000;
const LIFECYCLE = 'setup/lifecycle.test.ts';
const FAULTS = 'setup/commands/faults/**/*.test.ts';
const FAULTS_TIMEOUT_MS = 300_000;

const tags = Object.entries(CAPABILITIES).map(([name, description]) => ({ name: name as Capability, description }));

/** Workers grant each test the retries of the issues that name it (setup/vitest/worker.ts). */
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
    // Vitest's cache of transformed modules, below node_modules; a user who cannot write there goes without.
    fsModuleCache: process.getuid?.() === 0,
    sequence: { sequencer: LongestFirst },
    // At the root only: a project would run it once more.
    globalSetup: ['./setup/vitest/global.ts'],
    // Ours first: Vitest's own throws at some of what tests throw (a stack that is no text), and the others are not asked then.
    reporters: [['./reports/reporter.ts', reporting], 'default'],
    // Only what takes really long; the report has all times.
    slowTestThreshold: 5_000,
    // A worker's guests end with it: sandboxes of an emulated machine take their time.
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
          // A worker loads what specs are written with once, for all files it runs. They share that and guests
          // (fixtures/guest/sharing.ts): other fixtures end with their file, and no spec overrides one for more than its own
          // (fixtures/extend/specs.test.ts).
          isolate: false,
          // One more than there are processors, since specs wait as well. Each has a guest, and what an emulated one has done
          // before it does for less: two processors are done sooner by three than by four.
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
          // What looks at the whole machine. Alone: other tests leave traces while they run, and teardown would end them.
          name: 'lifecycle',
          include: [LIFECYCLE],
          testTimeout: HARNESS_TIMEOUT_MS,
          hookTimeout: HARNESS_TIMEOUT_MS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          // What takes minutes because it is done to the whole: killed, filled up, broken on disk.
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
