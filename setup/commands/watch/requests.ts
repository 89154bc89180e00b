import { ConfigError, messageOf } from '../../../helpers/errors.ts';
import type { Action } from './keys.ts';
import type { Memory } from './memory.ts';
import type { SpecChoice } from './specs.ts';

/** A request to run spec files. */
export type RunAction = Extract<Action, 'all' | 'again' | 'failed' | 'others' | 'file' | 'name'>;

/** What is known of spec files. */
export interface KnownSpecs {
  /** All spec files. */
  readonly all: readonly string[];
  /** Those that the user has chosen; absent without a choice. */
  readonly chosen?: readonly string[];
  /** Those of the last run. */
  readonly last: readonly string[];
  /** Those that have run with the current agent. */
  readonly ran: ReadonlySet<string>;
  readonly memory: Memory;
}

/** The spec files that a request runs. */
export function filesFor(action: RunAction, { all, chosen, last, memory, ran }: KnownSpecs): readonly string[] {
  switch (action) {
    case 'failed':
      return failedFiles(memory, all);
    case 'again':
      return chosen ?? last.filter((file) => all.includes(file));
    case 'others':
      return (chosen ?? all).filter((file) => !ran.has(file));
    case 'all':
      return all;
    case 'file':
    case 'name':
      return chosen ?? all;
  }
}

/** The spec files among `all` with a test that failed when it last ran. */
export function failedFiles(memory: Memory, all: readonly string[]): readonly string[] {
  return all.filter((file) => (memory.get(file)?.failed.length ?? 0) > 0);
}

/** What is said if a request has nothing to run. */
export const NOTHING_TO_RUN: Readonly<Record<RunAction, string>> = {
  all: 'there is no spec file',
  again: 'no spec file is chosen, and none has run: a runs all of them',
  failed: 'no spec file failed in its last run',
  others: 'all chosen spec files have run with this agent',
  file: 'no path of a spec file contains this text',
  name: 'no spec file is chosen',
};

/** The choice after the answer to {@link questionFor}. Throws {@link ConfigError}, with one line, for an answer that is no regular expression. */
export function answered(action: 'file' | 'name', answer: string, choice: SpecChoice): SpecChoice {
  const text = answer.trim();
  if (action === 'file') return { ...choice, files: text === '' ? [] : text.split(/\s+/) };
  if (text === '') return { ...choice, name: undefined };
  try {
    return { ...choice, name: new RegExp(text).source };
  } catch (cause) {
    throw new ConfigError(messageOf(cause), { cause });
  }
}

/** The question for a choice. */
export function questionFor(action: 'file' | 'name'): string {
  const what = action === 'file' ? 'part of the path of spec files' : 'regular expression for names of tests';
  return `${what} (empty: all): `;
}
