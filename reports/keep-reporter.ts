import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import type { ReporterOptions } from './reporter.ts';

const REPORTER = fileURLToPath(new URL('reporter.ts', import.meta.url));

/**
 * Vitest plugin that adds this project's reporter if the command line names others: `--reporter` replaces the
 * configured reporters; without this project's, the report of an earlier run would stay, and a run without tests would
 * pass. It is not added to a run that writes a blob, which is a shard: the merge reports the shard.
 */
export function keepReporter(options: ReporterOptions): Plugin {
  return {
    name: 'kata-cc-suite:keep-reporter',
    configureVitest({ vitest }) {
      const { reporters } = vitest.config;
      const names = reporters.map((reporter) => (Array.isArray(reporter) ? reporter[0] : undefined));
      if (names.some((name) => name === 'blob' || name?.endsWith('reports/reporter.ts'))) return;
      reporters.unshift([REPORTER, { ...options }]);
    },
  };
}
