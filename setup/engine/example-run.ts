import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXAMPLE_MODULE } from './example-step.ts';
import type { RunOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { provision, type Session } from './provision.ts';
import type { ArtefactStep, ServiceStep, Step, StepContext } from './step.ts';

/** An invented configuration of invented steps. */
export interface ExampleConfig {
  readonly greeting?: string;
}

/** An invented machine. */
export interface ExampleHost {
  readonly programs: readonly string[];
}

export type ExampleStep<Out = unknown> = Step<Out, ExampleConfig, ExampleHost>;
export type ExampleArtefact<Out> = ArtefactStep<Out, ExampleConfig, ExampleHost>;
export type ExampleService<Out = unknown> = ServiceStep<Out, ExampleConfig, ExampleHost>;
export type ExampleContext = StepContext<ExampleConfig, ExampleHost>;
export type ExampleSession = Session<ExampleConfig, ExampleHost>;

/** Progress that shows nothing. */
export const QUIET: Progress = { started: () => {}, said: () => {}, ended: () => {} };

/** Options of runs that keep everything below a directory. */
export function exampleOptions(directory: string): RunOptions<ExampleConfig, ExampleHost> {
  return {
    config: {},
    host: { programs: [] },
    refreshHost: async () => ({ programs: ['installed'] }),
    cacheDir: join(directory, 'cache'),
    journalDir: join(directory, 'journal'),
    runRoot: join(directory, 'run'),
    project: { directory: fileURLToPath(new URL('../..', import.meta.url)), pathModule: 'setup/project.ts' },
    undoKinds: {},
    leftBehind: () => [],
    progress: QUIET,
    signal: new AbortController().signal,
  };
}

/** Runs steps in a directory. */
export function runIn(
  directory: string,
  steps: readonly ExampleStep[],
  options: Partial<RunOptions<ExampleConfig, ExampleHost>> = {},
): Promise<ExampleSession> {
  return provision(steps, { ...exampleOptions(directory), ...options });
}

/** A service with a limit of one second. */
export function service<Out>(
  id: string,
  start: ExampleService<Out>['start'],
  options: Partial<Omit<ExampleService<Out>, 'kind' | 'id' | 'start'>> = {},
): ExampleService<Out> {
  const base = {
    kind: 'service',
    id,
    module: EXAMPLE_MODULE,
    title: `step ${id}`,
    needs: [],
    timeoutMs: 1_000,
  } as const;
  return { ...base, start, ...options };
}

/** An artefact with a limit of five seconds, in which its inputs are found as well. */
export function artefact(
  id: string,
  make: ExampleArtefact<string>['make'],
  options: Partial<Omit<ExampleArtefact<string>, 'kind' | 'id' | 'make'>> = {},
): ExampleArtefact<string> {
  const base = {
    kind: 'artefact',
    id,
    module: EXAMPLE_MODULE,
    title: `step ${id}`,
    needs: [],
    timeoutMs: 5_000,
  } as const;
  return { ...base, inputs: () => ({}), make, ...options };
}
