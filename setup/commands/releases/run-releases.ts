import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseColumn, ReleasesReport } from '../../../helpers/contract/releases.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { jsonObject, readIfThere } from '../../../helpers/files.ts';
import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/validated.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { runSuites } from '../mutants/run-suites.ts';
import { buildAgent } from './build-agent.ts';
import { claimsOf, columnsOf, lineOf, withColumn } from './column.ts';
import { DEFAULT_RELEASES, findReleases } from './find-releases.ts';
import { testReleases } from './test-releases.ts';

/** Directories of the specs that a release is tested with. */
const SUITES = ['suites/agent/', 'suites/image/'];
const RUN_MS = 3_600_000;

/** Names of the files in the reports directory. */
const [DATA, PAGE] = ['releases.json', 'releases.html'];

/** Options of `pnpm kata releases`. */
export interface ReleasesOptions {
  /** Whether releases that have claims in releases.json are left as they are. */
  readonly missing: boolean;
  readonly render: (report: ReleasesReport) => Promise<string>;
}

/**
 * Builds the agent of each release, or of the default ones, runs the suites of agent and images against it on the configured
 * target, `vm` by default, and writes releases.json and a page. Sets the exit code to 1 if a claim failed.
 */
export async function runReleases(names: readonly string[], { missing, render }: ReleasesOptions): Promise<void> {
  const config = loadConfig();
  const target = config.target === 'auto' ? 'vm' : config.target;
  const signal = takeOverSignals(() => {});
  const releases = await findReleases(names.length === 0 ? DEFAULT_RELEASES : names, config, signal);
  const earlier = missing ? await readReport(config) : undefined;
  await testReleases(
    releases.filter((release) => claimsOf(earlier, release) === undefined),
    {
      signal,
      build: ({ commit }) => buildAgent(commit, target, signal),
      test: ({ commit }) =>
        runSuites(SUITES, {
          environment: { KATA_TARGET: target, KATA_AGENT: 'source', katacontainers_branch: commit },
          inherit: true,
          timeoutMs: RUN_MS,
          signal,
        }),
      finished: (column) => publish(column, config, render),
    },
  );
  const columns = columnsOf(await readReport(config), releases);
  console.log(`\n${columns.map(lineOf).join('\n')}\n\n${join(config.reportsDir, PAGE)}`);
  if (columns.some(hasFailed)) process.exitCode = 1;
}

/** Writes the report with a new column and its page; columns of other releases stay. */
async function publish(
  column: ReleaseColumn,
  { reportsDir }: Pick<Config, 'reportsDir'>,
  render: (report: ReleasesReport) => Promise<string>,
): Promise<void> {
  const report = withColumn(await readReport({ reportsDir }), column);
  await mkdir(reportsDir, { recursive: true });
  await replace(join(reportsDir, DATA), `${JSON.stringify(report, null, 2)}\n`);
  await replace(join(reportsDir, PAGE), await render(report));
  console.log(lineOf(column));
}

/** The report of earlier runs; `undefined` if there is none. Rejects with {@link ConfigError} if its file is damaged. */
export async function readReport({ reportsDir }: Pick<Config, 'reportsDir'>): Promise<ReleasesReport | undefined> {
  const file = join(reportsDir, DATA);
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const report = jsonObject(text);
  if (!Array.isArray(report?.['columns'])) throw new ConfigError(`${file}: it is no report of releases; remove it`);
  return report as unknown as ReleasesReport;
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function hasFailed({ claims }: ReleaseColumn): boolean {
  return Object.values(claims).some(({ knownIssue, outcome }) => outcome === 'failed' && knownIssue === undefined);
}
