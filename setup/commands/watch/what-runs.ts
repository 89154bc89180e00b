import type { Memory } from './memory.ts';
import { type ChangedFile, type Served, servedMethods, simpleName } from './served-methods.ts';

/** Spec files to run, in this order, each with the reasons why. Paths are relative to the project. */
export type Wanted = ReadonlyMap<string, readonly string[]>;

/** What is known when the agent has been built from changed files. */
export interface AgentChange {
  readonly changed: readonly ChangedFile[];
  /** Methods of the agent by full name. */
  readonly declared: readonly string[];
  /** Spec files that may run: the user's choice, else those that have run before. */
  readonly files: readonly string[];
  readonly memory: Memory;
}

/** Number of methods that a reason names. */
const NAMED = 3;

/**
 * The spec files to run after a change of the agent: first those that failed last, then those that call what changed. A changed file
 * whose methods are not known concerns all of them, and every change concerns a spec file that has not run yet, whose calls are not known.
 */
export function whatRuns({ changed, declared, files, memory }: AgentChange): Wanted {
  const served = changed.map((file) => ({ path: file.path, methods: servedMethods(file, declared) }));
  const wanted = new Map<string, readonly string[]>();
  const failed = files.filter((file) => (memory.get(file)?.failed.length ?? 0) > 0);
  for (const file of failed) wanted.set(file, ['failed in the last run']);
  for (const file of files) {
    const reasons = served.flatMap((one) => reasonOf(memory.get(file)?.methods, one));
    if (reasons.length > 0) wanted.set(file, [...(wanted.get(file) ?? []), ...reasons]);
  }
  return wanted;
}

function reasonOf(
  called: readonly string[] | undefined,
  { methods, path }: { readonly path: string; readonly methods: Served },
): readonly string[] {
  if (methods === undefined) return [`${path} changed; which methods it serves is not known`];
  if (called === undefined)
    return methods.length === 0 ? [] : [`${path} changed; which methods the specs call is not known yet`];
  const both = called.filter((method) => methods.includes(method)).map(simpleName);
  if (both.length === 0) return [];
  const others = both.length > NAMED ? ` and ${both.length - NAMED} more methods` : '';
  return [`calls ${both.slice(0, NAMED).join(', ')}${others}, which ${path} (changed) serves`];
}

/** Joins what is to run: the order of `first`, then files that only `second` has; reasons of both. */
export function joined(first: Wanted, second: Wanted): Wanted {
  const all = new Map(first);
  for (const [file, reasons] of second) all.set(file, [...new Set([...(all.get(file) ?? []), ...reasons])]);
  return all;
}

/** The same reason for several files. */
export function because(files: readonly string[], reason: string): Wanted {
  return new Map(files.map((file) => [file, [reason]]));
}
