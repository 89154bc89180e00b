import { ConfigError } from '../helpers/errors.ts';
import { didYouMean } from '../helpers/nearest.ts';
import type { Step } from './step.ts';

/** Which steps somebody wants carried out. */
export interface Choice {
  /** This step, and all that need it. */
  readonly from?: string;
  /** These steps. */
  readonly only?: readonly string[];
  /** Although nothing they are made from has changed. */
  readonly force?: true;
}

/** Which artefacts may be made, and which are made in any case. */
export interface Selection {
  may(id: string): boolean;
  must(id: string): boolean;
}

/** Whatever has to be made. */
export const WHAT_CHANGED: Selection = { may: () => true, must: () => false };

/** What a choice means for these steps. Throws {@link ConfigError} for a step that is none, with the nearest that is. */
export function selection(steps: readonly Step[], { force, from, only }: Choice = {}): Selection {
  const ids = steps.map(({ id }) => id);
  for (const id of [...(from === undefined ? [] : [from]), ...(only ?? [])]) {
    if (ids.includes(id)) continue;
    throw new ConfigError(`no step ${id}${didYouMean(id, ids) || '.'} There are ${ids.join(', ')}`);
  }
  if (from !== undefined && only !== undefined)
    throw new ConfigError('--from and --only say different things: give one');
  const chosen = only ?? (from === undefined ? ids : ids.filter((id) => needs(steps, id, from)));
  return { may: (id) => chosen.includes(id), must: (id) => force === true && chosen.includes(id) };
}

function needs(steps: readonly Step[], id: string, from: string): boolean {
  if (id === from) return true;
  const step = steps.find((candidate) => candidate.id === id);
  return step?.needs.some((needed) => needs(steps, needed.id, from)) ?? false;
}
