import type { Failure } from '../model.ts';

/** The message of an error and of its causes, one per line. */
export function withCauses({ causes = [], message }: Failure): string {
  return [message, ...causes.map((cause) => `caused by ${cause}`)].join('\n');
}

/** The message of an error and of its causes on one line: the first line of each. */
export function inOneLine(failure: Failure): string {
  const { causes = [], message } = failure;
  return [message, ...causes].map((text) => text.split('\n', 1)[0]).join(', caused by ');
}
