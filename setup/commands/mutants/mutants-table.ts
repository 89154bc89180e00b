import { CDH_MUTANTS } from '../../../helpers/contract/cdh-mutant.ts';
import { INPUT_SWAPS } from '../../../helpers/contract/input-swap.ts';
import { POLICY_SWAPS } from '../../../helpers/contract/policy-swap.ts';
import type { Table } from '../../../helpers/contract/table.ts';
import { MUTANTS } from '../../mutants/catalogue.ts';
import type { Mutant } from '../../mutants/mutant.ts';

const TITLE =
  'Mutants of the stand-in agent, of policies, of other inputs and of the CDH, and the specs that detect them';
const COLUMNS = ['mutant', 'mutation', 'verdict', 'red', 'first failed spec', 'its message', 'all failed specs'];
const ORDER = [
  ...MUTANTS.map(({ name }) => name),
  ...[POLICY_SWAPS, INPUT_SWAPS, CDH_MUTANTS].flatMap((swaps) => Object.keys(swaps)),
];

/** Whether the suites detected a mutant, and how. */
export interface Verdict {
  readonly verdict: 'killed' | 'SURVIVED' | 'NO MEANINGFUL RED';
  readonly red: number;
  readonly spec: string;
  readonly says: string;
  readonly all: readonly string[];
}

/** The table with the verdict on a mutant, in place of an earlier one. */
export function mergeVerdict(
  before: Table | undefined,
  mutant: Pick<Mutant, 'mutation' | 'name'>,
  { all, red, says, spec, verdict }: Verdict,
): Table {
  const row = [mutant.name, mutant.mutation, verdict, String(red), spec, says, all.join('; ')];
  const others = (before?.rows ?? []).filter(([name]) => name !== mutant.name);
  const rows = [...others, row].filter(([name = '']) => ORDER.includes(name));
  rows.sort(([a = ''], [b = '']) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const killed = rows.filter(([, , cell]) => cell === 'killed').length;
  return { title: TITLE, columns: COLUMNS, rows, notes: [`${killed} of ${ORDER.length} killed`] };
}
