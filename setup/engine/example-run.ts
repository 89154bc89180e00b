import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXAMPLE_MODULE } from './example-step.ts';
import type { RunOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { provision, type Session } from './provision.ts';
import type { ArtefactStep, ServiceStep, Step, StepContext } from './step.ts';

/** Configuration of the engine's tests. */
export interface ExampleConfig {
  readonly greeting?: string;
}

/** Description of a machine for the engine's tests. */
export interface ExampleHost {
  readonly programs: readonly string[];
}

export type ExampleStep<Out = unknown> = Step<Out, ExampleConfig, ExampleHost>;
export type ExampleArtefact<Out> = ArtefactStep<Out, ExampleConfig, ExampleHost>;
export type ExampleService<Out = unknown> = ServiceStep<Out, ExampleConfig, ExampleHost>;
export type ExampleContext = StepContext<ExampleConfig, ExampleHost>;
export type ExampleSession = Session<ExampleConfig, ExampleHost>;

/** A progress display for tests that shows nothing. */
export const QUIET: Progress = { started: () => {}, said: () => {}, ended: () => {} };

/** Engine options of tests that keep everything below a directory. */
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

/** Runs steps of a test in a directory. */
export function runIn(
  directory: string,
  steps: readonly ExampleStep[],
  options: Partial<RunOptions<ExampleConfig, ExampleHost>> = {},
): Promise<ExampleSession> {
  return provision(steps, { ...exampleOptions(directory), ...options });
}

/** A service step for tests, with a limit of one second. */
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
    needs: () => [],
    timeoutMs: 1_000,
  } as const;
  return { ...base, start, ...options };
}

/** An artefact step for tests, with a limit of five seconds, within which its inputs are computed too. */
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
    needs: () => [],
    timeoutMs: 5_000,
  } as const;
  return { ...base, inputs: () => ({}), make, read: (directory) => directory, ...options };
}
