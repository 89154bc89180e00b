import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import type { ReporterOptions } from './reporter.ts';

const REPORTER = fileURLToPath(new URL('reporter.ts', import.meta.url));

/**
 * Adds this project's reporter to a run whose command line names others: `--reporter` replaces those of the configuration,
 * and the run would leave the report of an earlier one, and pass when it ran nothing. A run that writes a blob is one shard
 * of a run, which the merge reports.
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
