import type { ReleaseColumn } from '../../../helpers/contract/releases.ts';
import { messageOf } from '../../../helpers/errors.ts';
import type { Report } from '../mutants/run-suites.ts';
import { columnOf, columnWithout, type Release } from './column.ts';
import { errorLine } from './error-line.ts';

/** How a release is built and tested, and where its column goes. */
export interface ReleaseWork {
  /** Builds the release's agent. */
  build(release: Release): Promise<void>;
  /** Runs the suites against it. */
  test(release: Release): Promise<Report>;
  /** Called for each release as soon as it is finished, so that an interrupt loses one release at most. */
  finished(column: ReleaseColumn): Promise<void>;
  readonly signal: AbortSignal;
}

/** Tests releases one after the other. A release that cannot be built is a column as well; an interrupt ends the run. */
export async function testReleases(
  releases: readonly Release[],
  { build, finished, signal, test }: ReleaseWork,
): Promise<readonly ReleaseColumn[]> {
  const columns: ReleaseColumn[] = [];
  for (const release of releases) {
    const column = await columnFor(release);
    signal.throwIfAborted();
    columns.push(column);
    await finished(column);
  }
  return columns;

  async function columnFor(release: Release): Promise<ReleaseColumn> {
    try {
      await build(release);
    } catch (error) {
      return columnWithout(release, 'could not be built', errorLine(error), Date.now());
    }
    try {
      return columnOf(release, await test(release), Date.now());
    } catch (error) {
      return columnWithout(release, 'did not start', messageOf(error).split('\n', 1)[0] ?? '', Date.now());
    }
  }
}
