import { RUN_LABEL } from '../../helpers/process/run-label.ts';
import { didYouMean, nearest } from '../../helpers/text/nearest.ts';

/** Prefix of environment variables of this project and of other tools of Kata. */
const PREFIX = /^(kata|katacontainers|tests)_/i;

/** A variable without Kata's prefix is reported if its name is long and differs little from a setting's. */
const [LONG, DIFFERENCE] = [8, 2];

/**
 * Variables of an environment that look like settings but are not, one line each with the setting that was probably
 * meant. They are not an error, because other tools have variables with such names.
 */
export function unknownSettings(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
  const isMisspelt = (name: string): boolean => {
    // Names of another length cannot be meant, and are not compared: an environment has many variables.
    const similar = known.filter((setting) => Math.abs(setting.length - name.length) <= 1);
    return name.length >= LONG && nearest(name, similar, DIFFERENCE) !== undefined;
  };
  return Object.keys(environment)
    .filter((name) => environment[name] && !known.includes(name) && name !== RUN_LABEL)
    .filter((name) => PREFIX.test(name) || isMisspelt(name))
    .sort()
    .map((name) => `${name} is not a setting of this project and has no effect${didYouMean(name, known)}`);
}
