import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AS_ROOT, describeWhere } from '../../../helpers/contract/run-where.ts';
import { loadConfig } from '../../config/config.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { withTarget } from '../../config/validated.ts';
import { plan } from '../../plan.ts';
import { findLeaks } from '../../session/leaks.ts';
import { KATA, Run, VITEST } from '../child-run.ts';

const SPEC = 'suites/agent/debug-console.spec.ts';
/** Progress texts that set-up prints in the middle of its long steps, at which the test kills it. */
const MIDDLES = [
  'test images: building',
  'keys and signatures: generating keys',
  'registry contents: pushing the public images',
  'registry contents: pushing the private images',
];

/** The steps that say when they start. */
const steps = plan(await resolveConfig(withTarget('local', loadConfig({ KATA_AGENT: 'stand-in' })))).filter(
  (step) => step.kind !== 'service' || step.quiet !== true,
);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-killed-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function suites(cache: string): Run {
  const reports = join(directory, 'reports');
  return new Run([...VITEST, SPEC], {
    KATA_TARGET: 'local',
    KATA_AGENT: 'stand-in',
    KATA_CACHE_DIR: cache,
    KATA_REPORTS_DIR: reports,
    KATA_HISTORY_DIR: reports,
  });
}

/** Names of all artefacts in the cache, including partial ones, each with the digests of its images if it has any. */
async function artefacts(cache: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const kind of (await readdir(cache)).filter((name) => name !== 'journal')) {
    for (const name of await readdir(join(cache, kind))) {
      const digests = join(cache, kind, name, 'digests.json');
      found[`${kind}/${name}`] = kind === 'images' && !name.startsWith('.') ? await readFile(digests, 'utf8') : '';
    }
  }
  return found;
}

describeWhere(AS_ROOT)('set-up killed', () => {
  // Two runs for each moment: minutes on an idle machine.
  test('set-up killed at any step, or within a long one, builds the same artefacts when run again', {
    timeout: 1_800_000,
  }, async () => {
    const before = await findLeaks();
    const whole = join(directory, 'undisturbed');
    expect(await suites(whole).ended).toEqual({ code: 0, signal: null });
    const wanted = await artefacts(whole);
    expect(Object.keys(wanted).length).toBeGreaterThanOrEqual(4);

    for (const moment of [...steps.map(({ title }) => title), ...MIDDLES]) {
      // Each kill gets an empty cache, since existing artefacts would not be built.
      const cache = join(directory, 'killed');
      const run = suites(cache);
      await run.says(new RegExp(`set-up: ${moment}`));
      run.child.kill('SIGKILL');
      expect(await run.ended, moment).toMatchObject({ code: null, signal: 'SIGKILL' });
      const again = suites(cache);
      expect(await again.ended, moment).toEqual({ code: 0, signal: null });
      expect(await artefacts(cache), moment).toEqual(wanted);
      // Resources of other runs that existed before, or that have gone since, are ignored.
      expect(
        (await findLeaks()).filter((leak) => !before.includes(leak)),
        moment,
      ).toEqual([]);
      await rm(cache, { recursive: true });
    }
  });

  test('teardown removes the incomplete artefact of a killed set-up', async () => {
    const cache = join(directory, 'half');
    const run = suites(cache);
    await run.says(/set-up: registry contents: pushing/);
    run.child.kill('SIGKILL');
    await run.ended;
    const half = async (): Promise<string[]> =>
      Object.keys(await artefacts(cache)).filter((name) => name.includes('.partial-'));
    expect(await half()).not.toEqual([]);
    const teardown = new Run([...KATA, 'teardown'], { KATA_CACHE_DIR: cache });
    expect(await teardown.ended).toEqual({ code: 0, signal: null });
    expect(await half()).toEqual([]);
  });
});
