import type { ComponentProgram } from '../../helpers/contract/component.ts';
import type { Step, StepContext } from '../step.ts';

/** A program that only some configurations need, and that a step provides. */
interface OptionalProgram<Setting> {
  /** The step, for the needs of other steps; none if a configuration needs none. */
  readonly steps: (config: Setting) => readonly Step[];
  /** The program of a configuration; `undefined` if it needs none. */
  readonly of: (config: Setting, context: Pick<StepContext, 'result'>) => ComponentProgram | undefined;
}

/** A program whose step `choose` returns, or `undefined` if a configuration needs none. */
export function optionalProgram<Setting>(
  choose: (config: Setting) => Step<ComponentProgram> | undefined,
): OptionalProgram<Setting> {
  return {
    steps: (config) => [choose(config)].filter((step) => step !== undefined),
    of: (config, { result }) => {
      const step = choose(config);
      return step && result(step);
    },
  };
}
