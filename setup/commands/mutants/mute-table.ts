import type { Measurement } from '../../../helpers/contract/proofs.ts';
import type { Table } from '../../../helpers/contract/table.ts';
import { type Unproved, whyUnproved } from '../../../helpers/contract/unproved.ts';

const TITLE = 'Muted RPC methods and fields, and the specs that prove their effect';
const COLUMNS = ['muted', 'verdict', 'spec', 'its message, or the reason'];

/** What the table shows besides the results. */
export interface TableInput {
  /** The methods and fields that this run measured, each with its tests. */
  readonly candidates: ReadonlyMap<string, readonly unknown[]>;
  /** Why a test failed, by what was withheld. */
  readonly messages: ReadonlyMap<string, string>;
  /** Fields that the protos declare and no test sets. */
  readonly unset: readonly string[];
  readonly reasons: Unproved;
  readonly target: string;
}

/** The table of results, and how many of them are problems: unproved without a reason, or proved in spite of one. */
export function mutesTable(
  key: string,
  { agent, measured, proved, unproved }: Measurement,
  { candidates, messages, reasons, target, unset }: TableInput,
): { readonly table: Table; readonly problems: number } {
  const why = (muted: string): string | undefined => whyUnproved(reasons, muted, [target]);
  const shown = [...candidates.keys()].sort();
  const rows = shown.flatMap((muted) => {
    const reason = why(muted);
    const spec = proved[muted];
    const tests = `${candidates.get(muted)?.length ?? 0} tests use it; none failed without it`;
    if (spec !== undefined) {
      const stale = 'suites/unproved.json excuses it, yet a spec proves its effect';
      return [
        [
          muted,
          reason === undefined ? 'proved' : 'EXCUSED',
          spec,
          reason === undefined ? (messages.get(muted) ?? '') : stale,
        ],
      ];
    }
    if (!unproved.includes(muted)) return [];
    return [reason === undefined ? [muted, 'UNPROVED', '', tests] : [muted, 'excused', '', reason]];
  });
  rows.push(...unset.map((field) => [field, 'never set', '', 'no test sets it']));
  const count = (verdict: string): number => rows.filter(([, cell]) => cell === verdict).length;
  const notes = [
    `${key}, agent ${agent}, measured ${measured}`,
    `${count('proved')} proved, ${count('excused')} excused, ${count('UNPROVED')} unproved, ${count('EXCUSED')} excused in vain, ${count('never set')} never set`,
  ];
  return { table: { title: TITLE, columns: COLUMNS, rows, notes }, problems: count('UNPROVED') + count('EXCUSED') };
}
