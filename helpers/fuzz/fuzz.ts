import fc from 'fast-check';
import { messageOf } from '../errors.ts';
import { readArguments } from '../process/arguments.ts';
import { PROPERTIES } from './properties.ts';

/** `pnpm fuzz [--minutes N]`: tests each property for an equal share of the time; a failure prints seed and path, exit code 1. */
async function main(): Promise<void> {
  const { values } = readArguments({ options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: expected a number above 0`);
  const share = (minutes * 60_000) / PROPERTIES.length;
  for (const { name, property } of PROPERTIES) {
    const limits = { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: share, markInterruptAsFailure: false };
    const outcome = await fc.check(property, limits);
    if (outcome.failed) {
      process.exitCode = 1;
      console.log(`BROKEN after ${outcome.numRuns} tries: ${name}`);
      console.log(
        `  seed ${outcome.seed}, path ${outcome.counterexamplePath}: ${fc.stringify(outcome.counterexample)}`,
      );
      console.log(`  ${messageOf(outcome.errorInstance)}`);
    } else console.log(`held ${outcome.numRuns} times: ${name}`);
  }
}

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
