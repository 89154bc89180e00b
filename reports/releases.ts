import type { ReleasesReport } from '../helpers/contract/releases.ts';
import { htmlPage } from './page.ts';

/** Renders the claims of several releases as a page: a row for each claim, a column for each release. */
export function renderReleases(report: ReleasesReport): Promise<string> {
  const releases = report.columns.map(({ release }) => release).join(', ');
  return htmlPage({
    title: `releases of Kata (${report.columns.length}): kata-cc-suite`,
    noScript: `Releases: ${releases}. The claims need JavaScript; releases.json contains them as well.`,
    data: report,
    entry: './page/releases-page.tsx',
  });
}
