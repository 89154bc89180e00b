import type { ResolvedConfig } from './config/resolved.ts';
import { withNeeds } from './engine/step.ts';
import type { Step } from './step.ts';
import { firstGuest } from './steps/vm/first-guest.ts';

/** Name of the Vitest project whose specs need a target; the harness's own tests need none. */
export const SUITES_PROJECT = 'suites';

/**
 * The steps of a target, each after the steps it needs; the last one starts a first guest. A pure function: nothing is
 * run or probed.
 */
export function plan(config: ResolvedConfig): readonly Step[] {
  return withNeeds([firstGuest], config);
}
