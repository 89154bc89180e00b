import type { Scope, Test } from '../model.ts';
import type { Collected } from './collect.ts';

/** Reference against which the scope of a run is measured. */
export interface ScopeReference {
  /** All spec files, relative to the project. */
  readonly specFiles: readonly string[];
  /** The known options that reduced the run, besides shards; merged shards have those options in their facts. */
  readonly reducedBy: readonly string[];
}

/** How much of the suites a run covered. A run that covered everything is full, regardless of its options. */
export function scopeOf({ facts, tests }: Collected, { reducedBy, specFiles }: ScopeReference): Scope {
  const specs = new Set(specFiles);
  const own = tests.filter(({ file }) => specs.has(file));
  const tried = own.filter(isTried);
  const known = [...reducedBy, ...facts.flatMap((run) => run.reducedBy)];
  const scope = {
    files: { tried: new Set(tried.map(({ file }) => file)).size, all: specs.size },
    tests: { tried: tried.length, all: own.length },
  };
  return { ...scope, reducedBy: isWhole(scope) ? [] : [...new Set([...known, ...shardsOf(facts)])] };
}

/** Whether a run tried every test of every spec file. */
export function isWhole({ files, tests }: Pick<Scope, 'files' | 'tests'>): boolean {
  return files.all > 0 && files.tried === files.all && tests.tried === tests.all;
}

/** The scope of a run as text: `2 of 25 spec files, 30 of 33 tests in those loaded (--changed)`. */
export function scopeText(scope: Scope): string {
  const { files, reducedBy, tests } = scope;
  const counts = `${files.tried} of ${files.all} spec files, ${tests.tried} of ${tests.all} tests in those loaded`;
  if (isWhole(scope)) return counts;
  return `${counts} (${reducedBy.join(', ') || 'by no known option: test.only, test.skip, or a failure'})`;
}

/** Whether a test ran, or was skipped for a reason of its own. */
export function isTried({ notTried }: Test): boolean {
  return notTried === undefined;
}

/** The numbers of the shards that were run; empty if all were. */
function shardsOf(facts: Collected['facts']): string[] {
  const shards = new Set(facts.flatMap(({ shard }) => (shard === undefined ? [] : [`${shard.index}/${shard.count}`])));
  const [first] = facts.flatMap(({ shard }) => (shard === undefined ? [] : [shard]));
  return first === undefined || shards.size === first.count ? [] : [...shards].map((shard) => `--shard ${shard}`);
}
