import { readTable, writeTable } from '../../../helpers/contract/table.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { mergeVerdict } from './mutants-table.ts';
import type { Report } from './run-suites.ts';

/** Prints and records the verdict on a mutant of what specs put into guests; sets the exit code to 1 if it survived. */
export async function recordSwap(
  file: string,
  mutant: Pick<Mutant, 'mutation' | 'name'>,
  { killed, of, red }: { readonly killed: boolean; readonly of: string; readonly red: readonly string[] },
): Promise<void> {
  const verdict = killed ? 'killed' : 'SURVIVED';
  console.log(`${verdict.padEnd(17)} ${mutant.name}: ${red.length} of ${of} failed`);
  const shown = { all: red, red: red.length, says: '', spec: red[0] ?? '', verdict } as const;
  await writeTable(file, mergeVerdict(await readTable(file), mutant, shown));
  if (!killed) process.exitCode = 1;
}

/** Throws if a spec fails without a mutant, other than by a known issue. */
export function checkUnchanged({ tests }: Pick<Report, 'tests'>): void {
  const failed = tests.filter(({ knownIssue, outcome }) => outcome === 'failed' && knownIssue === undefined);
  if (failed.length > 0) throw new Error(`specs fail without a mutation: ${failed.map(({ id }) => id).join('; ')}`);
}

/** Why no test of a run counts: the first reason of a skipped one. */
export function whyNone({ tests }: Pick<Report, 'tests'>): string {
  return tests.find(({ reason }) => reason !== undefined)?.reason ?? 'the suites were not loaded';
}
