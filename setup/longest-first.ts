import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { loadConfig } from './config.ts';

/** What takes longest, as paths begin; for a machine that remembers no run. */
const LONG = ['suites/guest/faults', 'suites/image', 'suites/agent/containers', 'suites/faults', 'suites/agent/agent.'];

/** Whose durations are remembered apart: a file that is skipped on one target takes long on another. */
export function wantedTarget(): string {
  try {
    return loadConfig().target;
  } catch {
    // What is wrong with the settings is for set-up to say, in a line.
    return 'auto';
  }
}

/**
 * Runs the files first that take longest, so that no worker is left with one of them when the others are done. Vitest does
 * so where it remembers them, and takes large files for long ones where it does not.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const { cache, config } = this.ctx;
    const nameOf = ({ moduleId }: TestSpecification): string => relative(config.root, moduleId);
    const isRemembered = (spec: TestSpecification): boolean => cache.getTestSpecificationResult(spec) !== undefined;
    return sorted.every(isRemembered) ? sorted : byExperience(sorted, nameOf);
  }
}

/** The long ones first; as they were otherwise. */
export function byExperience<Spec>(specs: readonly Spec[], nameOf: (spec: Spec) => string): Spec[] {
  const rank = (spec: Spec): number => {
    const index = LONG.findIndex((start) => nameOf(spec).startsWith(start));
    return index < 0 ? LONG.length : index;
  };
  return [...specs].sort((a, b) => rank(a) - rank(b));
}
