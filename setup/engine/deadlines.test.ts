import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { poll } from '../../helpers/poll.ts';
import { identify, isAlive } from '../../helpers/process/process.ts';
import {
  artefact,
  type ExampleContext,
  type ExampleService,
  type ExampleSession,
  type ExampleStep,
  runIn,
  service as serviceOf,
} from './example-run.ts';
import { Interrupted } from './interrupt.ts';
import type { Progress } from './progress.ts';

const never = (): Promise<never> => new Promise(() => {});
const LIMIT_MS = 50;
/** How long the engine waits after the deadline for a step that ignores its signal, in milliseconds. */
const GRACE_MS = 200;
const ENDS_WITHIN_MS = 3_000;

let directory: string;
let said: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-deadlines-'));
  said = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const progress: Progress = {
  started: () => {},
  said: (step, text) => void said.push(`${step.id}: ${text}`),
  ended: () => {},
};
const service = (
  id: string,
  start: ExampleService['start'],
  options: Parameters<typeof serviceOf>[2] = {},
): ExampleService => serviceOf(id, start, { timeoutMs: LIMIT_MS, ...options });

const run = (steps: readonly ExampleStep[], signal = new AbortController().signal): Promise<ExampleSession> =>
  runIn(directory, steps, { progress, signal, abortGraceMs: GRACE_MS });
const journals = (): Promise<string[]> => readdir(join(directory, 'journal'));

describe('a step of set-up that ignores its signal', { timeout: 30_000 }, () => {
  test('a set-up step that never ends fails at its limit with title, limit and last progress text; other steps are undone', async () => {
    const good = service('good', async ({ owned }) => void owned.defer(() => void said.push('undo good')));
    const hangs = service(
      'hangs',
      ({ owned, say }) => {
        owned.defer(() => void said.push('undo hangs'));
        say('asking the engine');
        return never();
      },
      { needs: () => [good] },
    );
    const begun = performance.now();
    await expect(run([good, hangs])).rejects.toThrow(
      /^set-up failed: step hangs: not done within 0\.05 s; last: asking the engine$/,
    );
    expect(performance.now() - begun).toBeLessThan(ENDS_WITHIN_MS);
    expect(said).toEqual([
      'hangs: asking the engine',
      'hangs: ignores its abort signal; what it still acquires is undone',
      'undo hangs',
      'undo good',
    ]);
    expect(await journals()).toEqual([]);
  });

  test('an interrupt ends set-up although a step ignores its signal', async () => {
    const controller = new AbortController();
    const hangs = service('hangs', never, { timeoutMs: 3_600_000 });
    const running = run([hangs], controller.signal);
    controller.abort(new Interrupted('SIGINT'));
    const begun = performance.now();
    await expect(running).rejects.toThrow('interrupted by SIGINT');
    expect(performance.now() - begun).toBeLessThan(ENDS_WITHIN_MS);
    expect(await journals()).toEqual([]);
  });

  test('a set-up step is not started if a step it needs exceeded its limit', async () => {
    const hangs = service('hangs', never);
    const next = service('next', async () => void said.push('next started'), { needs: () => [hangs] });
    await expect(run([hangs, next])).rejects.toThrow('step hangs');
    expect(said).not.toContain('next started');
  });

  test('a resource that a set-up step acquires after its limit is undone, and the step gets an error', async () => {
    const after = resolvers();
    let context: ExampleContext | undefined;
    const late = service('late', async (own) => {
      context = own;
      await after.promise;
      own.owned.use({ [Symbol.asyncDispose]: async () => void said.push('undo late') });
      said.push('not reached');
    });
    await expect(run([late])).rejects.toThrow('step late: not done within 0.05 s');
    after.resolve();
    await poll('the late undo', () => said.includes('undo late') || undefined, { timeoutMs: 1_000 });
    expect(said).not.toContain('not reached');
    const outside = join(directory, 'outside');
    expect(() => context?.undoByRemoving(outside)).toThrow('no longer waits for this step');
    expect(() => context?.say('still here')).toThrow('no longer waits for this step');
    expect(await journals()).toEqual([]);
  });

  test('files and processes that a timed-out step creates without registering them are removed', async () => {
    const after = resolvers();
    let [made, pid] = ['', 0];
    const late = service('late', async ({ runDir }) => {
      await after.promise;
      made = join(runDir, 'late');
      await mkdir(made, { recursive: true });
      pid = spawn('sleep', ['600'], { stdio: 'ignore' }).pid ?? 0;
    });
    await expect(run([late])).rejects.toThrow('step late: not done within 0.05 s');
    after.resolve();
    await poll('what is made late', () => (pid > 0 && existsSync(made) ? true : undefined), { timeoutMs: 1_000 });
    const sleeping = await identify(pid);
    const gone = async (): Promise<true | undefined> =>
      !existsSync(made) && (sleeping === undefined || !(await isAlive(sleeping))) ? true : undefined;
    await poll('its end', gone, { timeoutMs: 5_000 });
  });

  test('an artefact that a set-up step completes after its limit is not used', async () => {
    const after = resolvers();
    // The artefact's inputs are computed within the step's limit.
    const late = artefact(
      'late',
      async (at) => {
        await writeFile(join(at, 'one half'), '');
        await after.promise;
        await mkdir(at, { recursive: true });
        await writeFile(join(at, 'other half'), '');
        said.push('made');
      },
      { timeoutMs: 1_000 },
    );
    await expect(run([late])).rejects.toThrow('step late: not done within 1 s');
    after.resolve();
    await poll('the late end', () => said.includes('made') || undefined, { timeoutMs: 1_000 });
    const empty = async (): Promise<true | undefined> =>
      (await readdir(join(directory, 'cache/late'))).length === 0 || undefined;
    await poll('nothing being left', empty, { timeoutMs: 5_000 });
  });
});

describe('undo of a set-up step', () => {
  const blocks = (id: string): ExampleService =>
    service(
      id,
      async ({ owned }) => {
        owned.defer(() => void said.push(`undo ${id} first`));
        owned.defer(never);
      },
      { timeoutMs: 5_000, undoTimeoutMs: LIMIT_MS },
    );

  test('an undo of a set-up step that never ends is reported with its limit and does not block other undos', async () => {
    const good = service('good', async ({ owned }) => void owned.defer(() => void said.push('undo good')));
    const world = await run([good, blocks('blocks')]);
    await expect(world[Symbol.asyncDispose]()).rejects.toThrow(/^step blocks: undoing it did not end within 0\.05 s$/);
    expect(said).toEqual(['undo blocks first', 'undo good']);
    expect(await journals()).toEqual([]);
    expect(existsSync(world.runDir)).toBe(false);
  });

  test('an undo that never ends is reported after the error of set-up, not instead of it', async () => {
    const first = blocks('blocks');
    const fails = service('fails', () => Promise.reject(new Error('the reason')), { needs: () => [first] });
    await expect(run([first, fails])).rejects.toThrow(
      /^set-up failed: step fails: the reason\nand undoing it failed: step blocks: undoing it did not end within 0\.05 s$/,
    );
    expect(await journals()).toEqual([]);
  });
});

test('an interrupted set-up ends without delay if its running step honours the abort signal', async () => {
  const honours = service('honours', ({ signal }) => delay(3_600_000, undefined, { signal }));
  const begun = performance.now();
  await expect(run([honours])).rejects.toThrow('step honours: not done within 0.05 s');
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(said).toEqual([]);
});

/** A promise, and functions that settle it. */
function resolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
