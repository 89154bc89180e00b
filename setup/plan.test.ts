import { expect, test } from 'vitest';
import { loadConfig, withTarget } from './config/config.ts';
import { plan } from './plan.ts';

test.for(['local', 'vm'] as const)('the plan of target %s lists every step after the steps it needs', (target) => {
  const steps = plan(withTarget(target, loadConfig({})));
  for (const [index, step] of steps.entries()) {
    for (const needed of step.needs) expect(steps.indexOf(needed)).toBeLessThan(index);
  }
});
