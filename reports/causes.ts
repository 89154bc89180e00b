import type { Failure } from './model.ts';

/** An error and what led to it, as text of several lines. */
export function withCauses({ causes = [], message }: Failure): string {
  return [message, ...causes.map((cause) => `caused by ${cause}`)].join('\n');
}

/** The same in one line: the first of each. */
export function inOneLine(failure: Failure): string {
  const { causes = [], message } = failure;
  return [message, ...causes].map((text) => text.split('\n', 1)[0]).join(', caused by ');
}
