import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Run, VITEST } from '../child-run.ts';
import { loadConfig } from '../config.ts';
import { makeTarget } from '../standalone.ts';
import type { Bench } from './bench.ts';

const ROUNDS = 3;
const SPEC = 'suites/agent/debug-console.spec.ts';

/** From nothing running to the first spec, with everything in the cache. */
export const startUp: Bench = {
  name: 'start-up',
  title: 'until the first spec runs, with a warm cache',
  async run({ directory, say, signal }) {
    const [setUp, first]: [number[], number[]] = [[], []];
    // Once unmeasured: whatever is not in the cache yet is made.
    for (let round = 0; round <= ROUNDS; round += 1) {
      say(`round ${round} of ${ROUNDS}`);
      const begun = performance.now();
      await (await makeTarget(signal))[Symbol.asyncDispose]();
      if (round > 0) setUp.push(performance.now() - begun);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const reports = { KATA_REPORTS_DIR: directory, KATA_HISTORY_DIR: directory };
      const run = new Run([...VITEST, SPEC], { KATA_CACHE_DIR: loadConfig().cacheDir, ...reports });
      const begun = Date.now();
      const { code } = await run.ended;
      if (code !== 0) throw new Error(`the suites ended with ${code}: ${run.output.slice(-1_000)}`);
      const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as {
        tests: readonly { startedAt?: number }[];
      };
      first.push(Math.min(...report.tests.flatMap(({ startedAt }) => startedAt ?? [])) - begun);
    }
    return {
      rows: [
        { what: 'set-up and teardown, warm', figure: seconds(Math.min(...setUp)) },
        { what: 'from the command to the first spec', figure: seconds(Math.min(...first)) },
      ],
      notes: [`best of ${ROUNDS}`],
    };
  },
};

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
