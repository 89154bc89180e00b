import type { TestModule } from 'vitest/node';

/** What a run came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How often each reason for a skip was given. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** Counts tests; a file that could not be run at all counts as one that failed. */
export function count(modules: readonly TestModule[], otherErrors: number): Counts {
  const reasons = new Map<string, number>();
  let [passed, failed, skipped] = [0, otherErrors, 0];
  for (const module of modules) {
    failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'failed') failed += 1;
      else {
        skipped += 1;
        const reason = (result.state === 'skipped' && result.note) || 'no reason given';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
  }
  return { passed, failed, skipped, reasons };
}

/** The last line of a run, for people and for scripts. */
export function summaryLine({ failed, passed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
