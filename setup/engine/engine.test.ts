import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLE_MODULE } from './example-step.ts';
import type { RunOptions } from './options.ts';
import { provision, type Session } from './provision.ts';
import { type ArtefactStep, type ServiceStep, withNeeds } from './step.ts';
import { teardown } from './teardown.ts';

/* The engine alone, in a bakery: its configuration and steps have nothing to do with the rest of this project. */

interface Bakery {
  readonly recipe: string;
  readonly price: number;
  readonly fails?: true;
}

interface Oven {
  readonly celsius: number;
}

interface Dough {
  readonly file: string;
  readonly grams: number;
}

const log: string[] = [];
/** Steps and the durations of the builds of their artefacts. */
const builds: (readonly [id: string, ms: number])[] = [];

const dough: ArtefactStep<Dough, Bakery, Oven> = {
  kind: 'artefact',
  id: 'dough',
  module: EXAMPLE_MODULE,
  title: 'dough',
  needs: () => [],
  timeoutMs: 10_000,
  inputs: ({ recipe }) => ({ files: { recipe } }),
  async make(directory, { config }) {
    log.push('knead');
    await writeFile(join(directory, 'dough'), await readFile(config.recipe, 'utf8'));
  },
  async read(directory) {
    const file = join(directory, 'dough');
    return { file, grams: (await readFile(file)).length };
  },
};

const bread: ArtefactStep<string, Bakery, Oven> = {
  kind: 'artefact',
  id: 'bread',
  module: EXAMPLE_MODULE,
  title: 'bread',
  needs: () => [dough],
  timeoutMs: 10_000,
  inputs: (_config, { celsius }) => ({ values: { celsius: String(celsius) } }),
  async make(directory, { result }) {
    log.push('bake');
    const { file, grams } = result(dough);
    await writeFile(join(directory, 'bread'), `${grams} g of ${await readFile(file, 'utf8')}`);
  },
  read: (directory) => readFile(join(directory, 'bread'), 'utf8'),
};

const shop: ServiceStep<{ readonly sign: string }, Bakery, Oven> = {
  kind: 'service',
  id: 'shop',
  module: EXAMPLE_MODULE,
  title: 'shop',
  needs: () => [bread],
  timeoutMs: 10_000,
  async start({ config, owned, result, runDir, undoByRemoving }) {
    const street = join(config.recipe, '..', 'street');
    undoByRemoving(street);
    await mkdir(street);
    log.push('open');
    owned.defer(() => void log.push('close'));
    if (config.fails) throw new Error('no customers');
    await writeFile(join(runDir, 'sign'), `${result(bread)}: ${config.price}`);
    return { sign: join(runDir, 'sign') };
  },
};

let directory: string;
let recipe: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'engine-'));
  recipe = join(directory, 'recipe');
  await writeFile(recipe, 'rye');
  log.splice(0);
  builds.splice(0);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const DEFAULTS = { price: 3, celsius: 230 };

function open(changes: Partial<typeof DEFAULTS & Bakery> = {}): Promise<Session<Bakery, Oven>> {
  const { celsius, ...config } = { ...DEFAULTS, recipe, ...changes };
  const options: RunOptions<Bakery, Oven> = {
    config,
    host: { celsius },
    refreshHost: async () => ({ celsius }),
    cacheDir: join(directory, 'cache'),
    journalDir: join(directory, 'journal'),
    runRoot: join(directory, 'run'),
    project: { directory: join(import.meta.dirname, '../..'), pathModule: 'setup/project.ts' },
    undoKinds: {},
    leftBehind: () => [],
    progress: {
      started: () => {},
      said: () => {},
      ended: (step, outcome, _durationMs, buildMs) => {
        log.push(`${step.id} ${outcome}`);
        if (buildMs !== undefined) builds.push([step.id, buildMs]);
      },
    },
    signal: new AbortController().signal,
  };
  return provision(withNeeds([shop], config), options);
}

/** The lines that a run of the bakery's steps logs; the session is disposed afterwards. */
async function run(changes: Parameters<typeof open>[0] = {}): Promise<readonly string[]> {
  log.splice(0);
  await using _ = await open(changes);
  return [...log];
}

const ALL_MADE = ['knead', 'dough done', 'bake', 'bread done', 'open', 'shop done'];

describe('the engine alone', () => {
  test('the set-up engine runs three invented steps, gives each the typed results it needs, and undoes the service', async () => {
    {
      await using session = await open();
      expect(log).toEqual(ALL_MADE);
      expect(await readFile(session.result(shop).sign, 'utf8')).toBe('3 g of rye: 3');
      expect(session.result(dough)).toMatchObject({ grams: 3 });
      await access(join(directory, 'street'));
    }
    expect(log.at(-1)).toBe('close');
    expect(await readdir(directory)).toEqual(['cache', 'journal', 'recipe', 'run']);
    for (const emptied of ['journal', 'run']) expect(await readdir(join(directory, emptied))).toEqual([]);
  });

  test('a second run of the set-up engine keeps the artefacts, and starts the service again', async () => {
    await run();
    expect(await run()).toEqual(['dough kept', 'bread kept', 'open', 'shop done']);
  });

  test('an artefact that is kept has the duration of its build in an earlier run; a service has none', async () => {
    await run();
    const built = builds.splice(0);
    expect(built).toEqual([
      ['dough', expect.any(Number)],
      ['bread', expect.any(Number)],
    ]);
    await run();
    expect(builds).toEqual(built);
  });

  test('a change of an input rebuilds only the set-up artefacts that depend on it', async () => {
    await run();
    expect(await run({ price: 4 })).toEqual(['dough kept', 'bread kept', 'open', 'shop done']);
    expect(await run({ celsius: 250 })).toEqual(['dough kept', 'bake', 'bread done', 'open', 'shop done']);
    await writeFile(recipe, 'wheat');
    expect(await run()).toEqual(ALL_MADE);
  });

  test('a failing set-up step undoes everything but the artefacts, and the next run succeeds', async () => {
    await expect(run({ fails: true })).rejects.toThrow('set-up failed: shop: no customers');
    expect(log).toEqual(['knead', 'dough done', 'bake', 'bread done', 'open', 'shop failed', 'close']);
    expect(await readdir(directory)).toEqual(['cache', 'journal', 'recipe', 'run']);
    for (const emptied of ['journal', 'run']) expect(await readdir(join(directory, emptied))).toEqual([]);
    expect(await run()).toEqual(['dough kept', 'bread kept', 'open', 'shop done']);
  });

  test('teardown by another process skips a set-up session that is still open', async () => {
    await using session = await open();
    const alive = [{ runId: session.runId, alive: true, pid: process.pid }];
    expect(await teardown(join(directory, 'journal'), {})).toMatchObject({ undone: [], alive });
    await access(session.result(shop).sign);
  });
});
