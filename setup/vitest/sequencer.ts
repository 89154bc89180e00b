import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { loadConfig } from '../config/config.ts';

/** Path prefixes of the slowest spec files, for a machine without remembered durations. */
const LONG = ['suites/guest/faults', 'suites/image', 'suites/agent/containers', 'suites/faults', 'suites/agent/agent.'];

/**
 * The name of the target. Durations are remembered separately by target: a file that is skipped on one target may be
 * slow on another.
 */
export function wantedTarget(): string {
  try {
    return loadConfig().target;
  } catch {
    // Invalid settings are not reported here: set-up reports them in one line.
    return 'auto';
  }
}

/**
 * Runs the slowest files first, so that no worker runs one of them alone at the end. Vitest does so if it remembers
 * durations, and otherwise orders files by size.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const { cache, config } = this.ctx;
    const nameOf = ({ moduleId }: TestSpecification): string => relative(config.root, moduleId);
    const last = (spec: TestSpecification) => cache.getTestSpecificationResult(spec);
    if (sorted.every((spec) => last(spec) !== undefined)) return sorted;
    return byExperience(sorted, nameOf, (spec) => last(spec)?.failed ?? false);
  }
}

/** Orders spec files: those that failed last first, as Vitest does, then the slowest, otherwise in the given order. */
export function byExperience<Spec>(
  specs: readonly Spec[],
  nameOf: (spec: Spec) => string,
  hasFailed: (spec: Spec) => boolean,
): Spec[] {
  const rank = (spec: Spec): number => {
    if (hasFailed(spec)) return -1;
    const index = LONG.findIndex((start) => nameOf(spec).startsWith(start));
    return index < 0 ? LONG.length : index;
  };
  return [...specs].sort((a, b) => rank(a) - rank(b));
}
