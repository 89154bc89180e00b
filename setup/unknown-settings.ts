import { RUN_LABEL } from '../helpers/label.ts';
import { didYouMean, nearest } from '../helpers/nearest.ts';

/** How names begin that are meant for this project, or for another of Kata's tools. */
const PREFIX = /^(kata|katacontainers|tests)_/i;

/** A name without such a prefix counts when it is long, and hardly differs from one of ours. */
const [LONG, DIFFERENCE] = [8, 2];

/**
 * Variables of an environment that look like settings and are not, each in a line with the one that was probably meant. Not an
 * error: other tools have variables of such names.
 */
export function unknownSettings(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
  const isMisspelt = (name: string): boolean => {
    const meant = name.length < LONG ? undefined : nearest(name, known, DIFFERENCE);
    return meant !== undefined && Math.abs(meant.length - name.length) <= 1;
  };
  return Object.keys(environment)
    .filter((name) => environment[name] && !known.includes(name) && name !== RUN_LABEL)
    .filter((name) => PREFIX.test(name) || isMisspelt(name))
    .sort()
    .map((name) => `${name} is not a setting of this project and has no effect${didYouMean(name, known)}`);
}
