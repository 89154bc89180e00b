import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../helpers/files.ts';
import { jsonObject } from '../helpers/json-object.ts';
import { damageTo, recordContents } from './artefact-contents.ts';
import { codeInputs } from './code-inputs.ts';
import { digestOf, digestText } from './digest.ts';
import type { Host } from './host.ts';
import { sourceDigest } from './kata-parts.ts';
import type { Settled } from './settle.ts';
import type { ArtefactStep } from './step.ts';

/** The inputs of an artefact as they were or are: digests and values by name. */
export type Inputs = Readonly<Record<string, string>>;

/** Where an artefact is or will be, and if it has to be made, why. */
export interface ArtefactState {
  readonly directory: string;
  readonly inputs: Inputs;
  readonly fingerprint: string;
  /** Absent when it can be used as it is. */
  readonly why?: string;
  /** It is whole, and replaced all the same. */
  readonly outdated?: true;
}

const RECORD = '.made-from.json';
/** A partial artefact; what a run that was killed leaves of it is in that run's journal. */
const PARTIAL = '.partial-';

/** Compares an artefact's inputs with those the cached ones were made from. */
export async function inspect(
  step: ArtefactStep,
  config: Settled,
  host: Host,
  needed: Readonly<Record<string, string>>,
): Promise<ArtefactState> {
  const { files = {}, packaging, source, values = {}, without = [] } = step.inputs(config, host);
  const digests = await Promise.all(
    Object.entries(files).map(
      async ([name, path]) => [name, path === undefined ? 'absent' : await digestOf(path)] as const,
    ),
  );
  const built = {
    ...(source === undefined ? {} : { source: await sourceDigest(source, config.source, config) }),
    ...(packaging === undefined ? {} : { packaging: await sourceDigest(packaging, config.packaging, config) }),
  };
  const code = await codeInputs(step.module, { without });
  const inputs = { ...code, ...Object.fromEntries(digests), ...built, ...values, ...needed };
  const fingerprint = digestText(JSON.stringify(inputs)).slice(0, 16);
  const directory = join(config.cacheDir, step.id, fingerprint);
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
    why: whyChanged(await newestInputs(join(config.cacheDir, step.id)), inputs),
  };
}

/** Where a run makes an artefact before it is moved into place. */
export function partialOf(state: ArtefactState, runId: string): string {
  return join(state.directory, '..', `${PARTIAL}${runId}`);
}

/**
 * Makes an artefact: in a directory beside the final one, moved into place when complete, so that a half-made one is
 * never used. Two runs that make the same one at the same time both get the first that was complete.
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
    await fill(partial);
    await recordContents(partial);
    await writeFile(join(partial, RECORD), JSON.stringify(state.inputs, null, 2));
    // What is there now is damaged, or half removed: nothing that is whole is made again, unless it was asked for.
    if (replace || !(await isWhole(state.directory))) await rm(state.directory, { recursive: true, force: true });
    await rename(partial, state.directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const lost = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!lost || !(await fileExists(join(state.directory, RECORD)))) throw error;
  }
}

async function isWhole(directory: string): Promise<boolean> {
  return (await fileExists(join(directory, RECORD))) && (await damageTo(directory)) === undefined;
}

/** Whether an artefact of a kind is there that was made from these inputs, among others. */
export async function isMade(parent: string, wanted: Inputs): Promise<boolean> {
  for (const { inputs } of await records(parent)) {
    if (Object.entries(wanted).every(([name, value]) => inputs[name] === value)) return true;
  }
  return false;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** Removes artefacts of a kind that were made from other inputs, more than a week ago unless the step says otherwise. */
export async function prune(
  state: ArtefactState,
  { keepUnusedMs = WEEK_MS }: Pick<ArtefactStep, 'keepUnusedMs'> = {},
): Promise<void> {
  const parent = join(state.directory, '..');
  for (const name of await readdir(parent)) {
    const directory = join(parent, name);
    if (directory === state.directory) continue;
    const { mtimeMs } = await lstat(directory);
    if (Date.now() - mtimeMs > keepUnusedMs) await rm(directory, { recursive: true, force: true });
  }
}

/** In words: what differs between the inputs an artefact was made from and those it would be made from now. */
export function whyChanged(before: Inputs | undefined, now: Inputs): string {
  if (before === undefined) return 'not made yet';
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => before[name] !== now[name]);
  return changed.length === 0 ? 'it is gone from the cache' : `changed: ${changed.join(', ')}`;
}

async function newestInputs(parent: string): Promise<Inputs | undefined> {
  return (await records(parent)).sort((a, b) => b.madeAt - a.madeAt)[0]?.inputs;
}

/** What the artefacts of a kind were made from, and when. */
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
