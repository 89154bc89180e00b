import type { Outcome } from '../model.ts';

/** One character for each outcome of a test, so that colour is not the only mark. */
export const MARKS: Readonly<Record<Outcome, string>> = { passed: '·', failed: '×', flaky: '~', skipped: '–' };

export function duration(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** A number with its noun: `1 test`, `2 tests`. */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The method's name without its service: `PullImage` of `grpc.Image/PullImage`. */
export function shortMethod(method: string): string {
  return method.slice(method.lastIndexOf('/') + 1);
}
