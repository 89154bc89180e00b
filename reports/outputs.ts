import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the files that a run of the suites writes to the reports directory; the HTML page first. */
export const SUITES_OUTPUTS = ['index.html', 'report.json', 'junit.xml', 'summary.md'] as const;
/** Names of the files that a run of the harness's own tests writes to the reports directory. */
export const HARNESS_OUTPUTS = ['harness-junit.xml'] as const;

/** How long the evidence of failed tests is kept, in milliseconds: a fortnight. */
const KEPT_MS = 14 * 24 * 3_600_000;

/**
 * Removes the reports of an earlier run, so that they are not mistaken for this run's if this run is killed. Until the
 * new report is written, the HTML page says that there is none yet.
 */
export async function clearSuitesOutputs(directory: string, begun: Date): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of SUITES_OUTPUTS) await rm(join(directory, name), { force: true });
  await writeOutput(directory, 'index.html', unfinished(begun));
}

/** Removes the reports of an earlier run of the harness's own tests. */
export async function clearHarnessOutputs(directory: string): Promise<void> {
  for (const name of HARNESS_OUTPUTS) await rm(join(directory, name), { force: true });
}

/** Writes a report file completely or not at all. */
export async function writeOutput(directory: string, name: string, text: string): Promise<void> {
  const partial = join(directory, `.${name}.partial`);
  try {
    await writeFile(partial, text);
    await rename(partial, join(directory, name));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Removes evidence older than a fortnight. */
export async function pruneEvidence(directory: string): Promise<void> {
  for (const name of await namesIn(directory)) {
    const folder = join(directory, name);
    if (Date.now() - (await stat(folder)).mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function unfinished(begun: Date): string {
  const at = begun.toISOString().slice(0, 19).replace('T', ' ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta http-equiv="refresh" content="10">',
    '<title>no report yet: kata-cc-suite</title>',
    `<p>The run started at ${at} UTC has not written its report yet. This page reloads. If the run ended without a report,`,
    'see its terminal or log.</p>',
    '</html>',
    '',
  ].join('\n');
}
