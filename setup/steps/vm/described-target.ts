import type { Target } from '../../../helpers/contract/target.ts';
import type { ServiceStep } from '../../step.ts';
import { describeTarget } from '../../target/describe.ts';
import { targetSteps } from '../../target/steps.ts';

/** Under nested emulation, each program that is asked for its version takes seconds to start; in milliseconds. */
const TIMEOUT_MS = 900_000;

/** Step whose result is the target, from the results of all others. No guest has started yet. */
export const describedTarget: ServiceStep<Target> = {
  kind: 'service',
  id: 'target',
  module: import.meta.url,
  title: 'target',
  quiet: true,
  needs: targetSteps,
  timeoutMs: TIMEOUT_MS,
  start: describeTarget,
};
