import type { TargetedConfig } from '../../config/validated.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { openSession } from '../../session/open-session.ts';
import type { Choice } from '../../session/selection.ts';
import type { Step } from '../../step.ts';
import { ccv0Settings } from './settings.ts';

/** Context of a build with `pnpm ccv0`. */
export interface Build {
  readonly config: TargetedConfig;
  /** The set-up steps to which a build is limited. */
  readonly choice?: Choice | undefined;
}

/** Runs a set-up step and those it needs, unless they are up to date. Returns the step's result. */
export async function build<Out>({ choice, config }: Build, wanted: Step<Out>): Promise<Out> {
  await using session = await openSession({
    changes: ccv0Settings(config),
    build: { steps: [wanted], choice },
    signal: takeOverSignals(() => {}),
  });
  return session.result(wanted);
}
