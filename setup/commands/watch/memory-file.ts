import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileExists, jsonObject, readIfThere } from '../../../helpers/files.ts';
import type { TargetedConfig } from '../../config/validated.ts';
import { type Memory, type Remembered, type ReportedTest, remember } from './memory.ts';

/** The properties of report.json that are read here. */
interface Reported {
  readonly subjects: readonly { readonly target: string }[];
  readonly tests: readonly ReportedTest[];
}

type Places = Pick<TargetedConfig, 'cacheDir' | 'reportsDir' | 'target'>;

/** What earlier runs on a target have left: the memory of `pnpm kata watch`, and the last report. `root` is the directory of the project. */
export async function recall(places: Places, root: string): Promise<Memory> {
  const text = (await readIfThere(fileOf(places))) ?? '{}';
  const kept = new Map(Object.entries((jsonObject(text) ?? {}) as Readonly<Record<string, Remembered>>));
  const report = await readReport(places);
  const all = report?.subjects.some((subject) => subject.target === places.target)
    ? remember(kept, report.tests)
    : kept;
  const present = await Promise.all(
    [...all].map(async (entry) => ((await fileExists(join(root, entry[0]))) ? [entry] : [])),
  );
  return new Map(present.flat());
}

/** Keeps the memory of a target for later calls of {@link recall}. */
export async function keep(places: Places, memory: Memory): Promise<void> {
  const file = fileOf(places);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Written beside and renamed, so that a killed process leaves no half of it.
  await writeFile(`${file}.partial`, JSON.stringify(Object.fromEntries(memory)));
  await rename(`${file}.partial`, file);
}

/** The report of the last run; `undefined` if there is none. */
export async function readReport({ reportsDir }: Pick<Places, 'reportsDir'>): Promise<Reported | undefined> {
  const file = join(reportsDir, 'report.json');
  return (await fileExists(file)) ? (JSON.parse(await readFile(file, 'utf8')) as Reported) : undefined;
}

function fileOf({ cacheDir, target }: Pick<Places, 'cacheDir' | 'target'>): string {
  return join(cacheDir, 'watch', `${target}.json`);
}
