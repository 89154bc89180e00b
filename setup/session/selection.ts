import { ConfigError } from '../../helpers/errors.ts';
import { didYouMean } from '../../helpers/text/nearest.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Selection } from '../engine/selection.ts';
import { dependents } from '../engine/step.ts';
import type { Step } from '../step.ts';

/** The user's choice of set-up steps to run. */
export interface Choice {
  /** Builds this step and all steps that need it. */
  readonly from?: string;
  /** Builds only these steps. */
  readonly only?: readonly string[];
  /** Builds the chosen steps even if they are up to date. */
  readonly force?: true;
}

/**
 * Applies the user's choice to set-up steps. Throws {@link ConfigError} for an unknown step and suggests the nearest
 * one.
 */
export function selection(
  steps: readonly Step[],
  config: ResolvedConfig,
  { force, from, only }: Choice = {},
): Selection {
  const ids = steps.map(({ id }) => id);
  for (const id of [...(from === undefined ? [] : [from]), ...(only ?? [])]) {
    if (ids.includes(id)) continue;
    throw new ConfigError(`no step ${id}${didYouMean(id, ids) || '.'} There are ${ids.join(', ')}`);
  }
  if (from !== undefined && only !== undefined)
    throw new ConfigError('--from and --only exclude each other; use one of them');
  const chosen = only ?? (from === undefined ? ids : dependents(steps, from, config).map(({ id }) => id));
  return { may: (id) => chosen.includes(id), must: (id) => force === true && chosen.includes(id) };
}
