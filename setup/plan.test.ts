import { expect, test } from 'vitest';
import { loadConfig } from './config/config.ts';
import { withTarget } from './config/validated.ts';
import { plan } from './plan.ts';

test.for(['local', 'vm'] as const)('the plan of target %s lists every step after the steps it needs', (target) => {
  const config = withTarget(target, loadConfig({}));
  const steps = plan(config);
  for (const [index, step] of steps.entries()) {
    for (const needed of step.needs(config)) expect(steps.indexOf(needed)).toBeLessThan(index);
  }
});
