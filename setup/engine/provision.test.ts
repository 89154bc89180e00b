import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  artefact,
  type ExampleContext,
  type ExampleSession,
  type ExampleStep,
  QUIET,
  runIn,
  service,
} from './example-run.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-provision-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Work of a step that ends only if the step is aborted. */
function untilAborted({ signal }: Pick<ExampleContext, 'signal'>): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

describe('run of set-up steps', () => {
  const run = (steps: readonly ExampleStep[], signal = new AbortController().signal): Promise<ExampleSession> =>
    runIn(directory, steps, { signal });

  test('the files of a set-up artefact have the same modes under every umask', async () => {
    const modes = artefact('modes', async (at) => {
      await mkdir(join(at, 'directory'));
      await writeFile(join(at, 'file'), '');
    });
    const own = process.umask(0o077);
    try {
      await using world = await run([modes]);
      const made = ['directory', 'file'].map((name) => stat(join(world.result(modes), name)));
      expect((await Promise.all(made)).map(({ mode }) => mode & 0o777)).toEqual([0o755, 0o644]);
      expect(process.umask()).toBe(0o077);
    } finally {
      process.umask(own);
    }
  });

  test('an artefact that its step declares outdated is rebuilt in the same directory', async () => {
    let made = 0;
    const outdated = async (at: string): Promise<string | undefined> =>
      (await readFile(join(at, 'count'), 'utf8')) === '1' ? 'it was the first' : undefined;
    const make = async (at: string): Promise<void> => {
      made += 1;
      await writeFile(join(at, 'count'), String(made));
    };
    const counting = artefact('counting', make, { outdated });
    const start = async (): Promise<string> => {
      await using world = await run([counting]);
      return readFile(join(world.result(counting), 'count'), 'utf8');
    };
    expect([await start(), await start(), await start()]).toEqual(['1', '2', '2']);
  });

  test('provision passes results of set-up steps on to later steps, and undoes the steps in reverse order', async () => {
    const said: string[] = [];
    const one = service('one', async ({ owned }) => {
      owned.defer(() => void said.push('undo one'));
      return 1;
    });
    const two = service(
      'two',
      async ({ owned, result }) => {
        owned.defer(() => void said.push('undo two'));
        said.push(`two has ${result(one)}`);
      },
      { needs: () => [one] },
    );
    const world = await run([one, two]);
    await world[Symbol.asyncDispose]();
    expect(said).toEqual(['two has 1', 'undo two', 'undo one']);
    expect(await readdir(join(directory, 'journal'))).toEqual([]);
  });

  test('a failing set-up step aborts the others and undoes everything; the error names the step and the reason', async () => {
    const said: string[] = [];
    const done = service('done', async ({ owned }) => void owned.defer(() => void said.push('undone')));
    const fails = service('fails', () => Promise.reject(new Error('the reason')), { needs: () => [done] });
    const waits = service('waits', untilAborted, { needs: () => [done] });
    await expect(run([done, fails, waits])).rejects.toThrow('set-up failed: step fails: the reason');
    expect(said).toEqual(['undone']);
  });

  test('a set-up step that exceeds its deadline fails', async () => {
    const slow = service('slow', untilAborted, { timeoutMs: 50 });
    await expect(run([slow])).rejects.toThrow('set-up failed: step slow: not done within 0.05 s');
  });

  test('a set-up step that fails with ENOSPC reports a full disk', async () => {
    const full = service('full', () => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' })));
    await expect(run([full])).rejects.toThrow('set-up failed: step full: disk full: write');
  });

  test('an interrupted set-up rejects with the interrupt', async () => {
    const controller = new AbortController();
    const slow = service('slow', (context) => {
      const aborted = untilAborted(context);
      controller.abort(new Error('interrupted'));
      return aborted;
    });
    await expect(run([slow], controller.signal)).rejects.toThrow('interrupted');
  });

  test('a set-up step cannot read the result of a step that it does not need, even if the result exists', async () => {
    const other = service('other', async () => 1);
    const next = service('next', async () => {}, { needs: () => [other] });
    const uses = service('uses', async ({ result }) => result(other), { needs: () => [] });
    const indirect = service('indirect', async ({ result }) => result(other), { needs: () => [next] });
    await using session = await run([other, next, indirect]);
    expect(session.result(indirect)).toBe(1);
    expect(() => session.result(uses)).toThrow('step uses has no result: it was not run');
    await expect(run([other, uses])).rejects.toThrow('step uses: step uses uses other, which it does not need');
  });

  test('the machine is probed again after a set-up step with refreshesHost, for the steps that follow', async () => {
    const seen = async ({ host }: Pick<ExampleContext, 'host'>): Promise<readonly string[]> => host.programs;
    const before = service('before', seen);
    const installs = service('installs', async () => {}, { needs: () => [before], refreshesHost: true });
    const after = service('after', seen, { needs: () => [installs] });
    await using session = await run([before, installs, after]);
    expect([session.result(before), session.result(after)]).toEqual([[], ['installed']]);
  });

  describe('steps that are run again', () => {
    const changed = (greeting: string) => ({
      config: { greeting },
      progress: QUIET,
      signal: new AbortController().signal,
    });

    test('steps that are run again get the new configuration and the results of the others, which stay as they are', async () => {
      const said: string[] = [];
      const stays = service('stays', async ({ owned }) => {
        owned.defer(() => void said.push('undo stays'));
        said.push('stays');
        return 'kept';
      });
      const built = artefact('built', (at, { config }) => writeFile(join(at, 'greeting'), config.greeting ?? 'none'), {
        inputs: ({ greeting = 'none' }) => ({ values: { greeting } }),
      });
      const last = service(
        'last',
        async ({ owned, result }) => {
          owned.defer(() => void said.push('undo last'));
          return `${result(stays)} ${await readFile(join(result(built), 'greeting'), 'utf8')}`;
        },
        { needs: () => [stays, built] },
      );
      const session = await run([stays, built, last]);
      expect(session.result(last)).toBe('kept none');
      await session.again([built, last], changed('hello'));
      expect(session.result(last)).toBe('kept hello');
      expect(said).toEqual(['stays', 'undo last']);
      await session[Symbol.asyncDispose]();
      expect(said).toEqual(['stays', 'undo last', 'undo last', 'undo stays']);
    });

    test('after a step that is run again has failed, the session keeps its earlier result and runs the step again', async () => {
      const picky = service('picky', async ({ config: { greeting } }) => {
        if (greeting === 'wrong') throw new Error('not that');
        return greeting;
      });
      await using session = await run([picky]);
      await expect(session.again([picky], changed('wrong'))).rejects.toThrow('set-up failed: step picky: not that');
      expect(session.result(picky)).toBeUndefined();
      await session.again([picky], changed('right'));
      expect(session.result(picky)).toBe('right');
    });
  });
});
