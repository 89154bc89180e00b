import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { AS_ROOT, testWhere } from '../../../helpers/contract/run-where.ts';
import { run } from '../../../helpers/process/exec.ts';
import { Run, VITEST } from '../child-run.ts';

const SPEC = 'suites/agent/debug-console.spec.ts';

testWhere(AS_ROOT)(
  'set-up fails with a disk-full error if the disk fills up while it runs, and leaves no artefacts',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kata-cc-full-'));
    const cache = join(directory, 'cache');
    // The small disk is a tmpfs in a mount namespace that ends with the run; it is just large enough for set-up to
    // start.
    const small = `mkdir ${cache}; mount -t tmpfs -o size=1100m tmpfs ${cache} && exec "$@"`;
    const suites = new Run(['unshare', '--mount', 'sh', '-c', small, 'sh', ...VITEST, SPEC], {
      KATA_AGENT: 'stand-in',
      KATA_CACHE_DIR: cache,
      KATA_REPORTS_DIR: directory,
      KATA_HISTORY_DIR: directory,
    });
    try {
      await suites.says(/set-up: test images: building/);
      const filled = `/proc/${suites.child.pid}/root${cache}/filled`;
      await run(['sh', '-c', `head -c 1200M /dev/zero > ${filled}`], { okCodes: [0, 1, 2] });
      expect(await suites.ended).toEqual({ code: 1, signal: null });
      expect(suites.errors.trim()).toMatch(/^set-up failed: [^:]+: disk full: /);
      expect(await readdir(cache)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
);
