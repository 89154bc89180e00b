import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { AS_ROOT, testWhere } from '../../../helpers/contract/run-where.ts';
import { Run, VITEST } from '../child-run.ts';

const SPEC = 'suites/agent/debug-console.spec.ts';

testWhere(AS_ROOT)('an artefact damaged on disk is reported and rebuilt before it is used', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-damaged-'));
  const cache = join(directory, 'cache');
  const suites = (): Run =>
    new Run([...VITEST, SPEC], {
      KATA_TARGET: 'local',
      KATA_AGENT: 'stand-in',
      KATA_CACHE_DIR: cache,
      KATA_REPORTS_DIR: directory,
      KATA_HISTORY_DIR: directory,
    });
  try {
    expect(await suites().ended).toEqual({ code: 0, signal: null });
    const [name = ''] = await readdir(join(cache, 'stand-in-agent'));
    await appendFile(join(cache, 'stand-in-agent', name, 'stand-in-agent.mjs'), 'process.exit(3);\n');
    const again = suites();
    expect(await again.ended).toEqual({ code: 0, signal: null });
    expect(again.output).toMatch(
      /set-up: stand-in agent \(damaged: stand-in-agent\.mjs has \d+ bytes instead of \d+\)/,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
