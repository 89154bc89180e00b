import fc from 'fast-check';
import { messageOf } from '../errors.ts';
import { PROPERTIES } from './properties.ts';

/** Tests each property for an equal share of the time; a failure prints seed and path and sets the exit code to 1. */
export async function runFuzz(minutes: number): Promise<void> {
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
