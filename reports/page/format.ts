import type { Outcome } from '../model.ts';

/** One character for each outcome, so that colour is never the only sign. */
export const MARKS: Readonly<Record<Outcome, string>> = { passed: '·', failed: '×', flaky: '~', skipped: '–' };

export function duration(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

export function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** `1 test`, `2 tests`. */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `PullImage` of `grpc.Image/PullImage`. */
export function shortMethod(method: string): string {
  return method.slice(method.lastIndexOf('/') + 1);
}
