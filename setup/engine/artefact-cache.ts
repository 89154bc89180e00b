import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, jsonObject, readIfThere } from '../../helpers/files.ts';
import { damageTo, recordContents } from './artefact-contents.ts';
import { codeInputs, type Project } from './code-inputs.ts';
import { digestOf, digestText } from './digest.ts';
import type { ArtefactStep } from './step.ts';

/** Inputs of an artefact, at its build or now: digests and values by name. */
export type Inputs = Readonly<Record<string, string>>;

/** Directory of an artefact, and why it must be built, if so. */
export interface ArtefactState {
  readonly directory: string;
  readonly inputs: Inputs;
  readonly fingerprint: string;
  /** Why the artefact must be built; absent if it is up to date. */
  readonly why?: string;
  /** Whether the artefact is replaced although it is complete. */
  readonly outdated?: true;
}

/** Where artefacts are kept, and the configuration and machine from which their inputs are computed. */
export interface Cache<Config, Host> {
  readonly config: Config;
  readonly host: Host;
  readonly cacheDir: string;
  readonly project: Project;
}

const RECORD = '.made-from.json';
/** Name of the file in an artefact's directory with the duration of its build in milliseconds. */
const DURATION = '.made-in.json';
/** Prefix of the directories of incomplete artefacts; the journal of a killed run lists those that the run left. */
const PARTIAL = '.partial-';

/**
 * Compares an artefact's inputs with those of the cached artefacts. `fingerprints` has, by step id, those of at least
 * the artefacts that this one needs.
 */
export async function inspect<Config, Host>(
  step: ArtefactStep<unknown, Config, Host>,
  { cacheDir, config, host, project }: Cache<Config, Host>,
  fingerprints: ReadonlyMap<string, string>,
): Promise<ArtefactState> {
  const needed = step.needs(config).flatMap(({ id }) => {
    const fingerprint = fingerprints.get(id);
    return fingerprint === undefined ? [] : [[id, fingerprint] as const];
  });
  const { digests = {}, files = {}, values = {}, without = [] } = step.inputs(config, host);
  const inputs = {
    ...(await codeInputs(step.module, project, { without })),
    ...(await allOf(files, (path) => (path === undefined ? 'absent' : digestOf(path)))),
    ...(await allOf(digests, (digest) => digest())),
    ...values,
    ...Object.fromEntries(needed),
  };
  const fingerprint = digestText(JSON.stringify(inputs)).slice(0, 16);
  const directory = join(cacheDir, step.id, fingerprint);
  if (await fileExists(join(directory, RECORD))) {
    const damage = await damageTo(directory);
    if (damage !== undefined) return { directory, inputs, fingerprint, why: damage };
    const outdated = await step.outdated?.(directory);
    if (outdated !== undefined) return { directory, inputs, fingerprint, why: outdated, outdated: true };
    return { directory, inputs, fingerprint };
  }
  return {
    directory,
    inputs,
    fingerprint,
    why: whyChanged(await newestInputs(join(cacheDir, step.id)), inputs),
  };
}

async function allOf<T>(
  inputs: Readonly<Record<string, T>>,
  digest: (input: T) => string | Promise<string>,
): Promise<Inputs> {
  const digests = Object.entries(inputs).map(async ([name, input]) => [name, await digest(input)] as const);
  return Object.fromEntries(await Promise.all(digests));
}

/** Directory in which a run builds an artefact before moving it into place. */
export function partialOf(state: ArtefactState, runId: string): string {
  return join(state.directory, '..', `${PARTIAL}${runId}`);
}

/**
 * Builds an artefact in a temporary directory and moves it into place when complete, so that an incomplete one is never
 * used. Two concurrent runs that build the same one both use the one completed first.
 */
export async function make(
  state: ArtefactState,
  runId: string,
  fill: (directory: string) => Promise<void>,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<void> {
  const partial = partialOf(state, runId);
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    const begun = performance.now();
    await fill(partial);
    await recordContents(partial);
    await writeFile(join(partial, DURATION), JSON.stringify(Math.round(performance.now() - begun)));
    await writeFile(join(partial, RECORD), JSON.stringify(state.inputs, null, 2));
    // An artefact that already exists is damaged or incompletely removed: complete ones are rebuilt only on request.
    if (replace || !(await isWhole(state.directory))) await rm(state.directory, { recursive: true, force: true });
    await rename(partial, state.directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const lost = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!lost || !(await fileExists(join(state.directory, RECORD)))) throw error;
  }
}

/** How long the build of an artefact took, in milliseconds; `undefined` for one of an earlier version of this project. */
export async function buildDuration(directory: string): Promise<number | undefined> {
  const text = await readIfThere(join(directory, DURATION));
  return text === undefined ? undefined : Number(text);
}

async function isWhole(directory: string): Promise<boolean> {
  return (await fileExists(join(directory, RECORD))) && (await damageTo(directory)) === undefined;
}

/** Whether the cache has an artefact of a kind whose inputs include these. */
export async function isMade(parent: string, wanted: Inputs): Promise<boolean> {
  for (const { inputs } of await records(parent)) {
    if (Object.entries(wanted).every(([name, value]) => inputs[name] === value)) return true;
  }
  return false;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** Removes artefacts of a kind that have other inputs and are older than the step's limit, a week by default. */
export async function prune(
  state: ArtefactState,
  { keepUnusedMs = WEEK_MS }: { readonly keepUnusedMs?: number } = {},
): Promise<void> {
  const parent = join(state.directory, '..');
  for (const name of await readdir(parent)) {
    const directory = join(parent, name);
    if (directory === state.directory) continue;
    const { mtimeMs } = await lstat(directory);
    if (Date.now() - mtimeMs > keepUnusedMs) await rm(directory, { recursive: true, force: true });
  }
}

/** Describes the difference between an artefact's inputs at its build and the current ones, for messages. */
export function whyChanged(before: Inputs | undefined, now: Inputs): string {
  if (before === undefined) return 'not built yet';
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => before[name] !== now[name]);
  return changed.length === 0 ? 'it is missing from the cache' : `changed: ${changed.join(', ')}`;
}

async function newestInputs(parent: string): Promise<Inputs | undefined> {
  return (await records(parent)).sort((a, b) => b.madeAt - a.madeAt)[0]?.inputs;
}

/** Inputs and build times of the artefacts of a kind. */
async function records(parent: string): Promise<{ inputs: Inputs; madeAt: number }[]> {
  if (!(await fileExists(parent))) return [];
  const names = (await readdir(parent)).filter((name) => !name.startsWith(PARTIAL));
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(parent, name, RECORD);
      if (!(await fileExists(file))) return [];
      const [text, { mtimeMs }] = [await readFile(file, 'utf8'), await stat(file)];
      const inputs = jsonObject(text) as Inputs | undefined;
      return inputs === undefined ? [] : [{ inputs, madeAt: mtimeMs }];
    }),
  );
  return found.flat();
}
