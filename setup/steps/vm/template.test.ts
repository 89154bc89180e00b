import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { withNeeds } from '../../engine/step.ts';
import { template } from './template.ts';

/** Ids of the steps from whose results a VM template is made. */
function madeFrom(environment: Readonly<Record<string, string>>): readonly string[] {
  return withNeeds([template], withTarget('vm', loadConfig(environment))).map(({ id }) => id);
}

test('the VM template of a kata-agent is made from nothing that depends on the agent, the CDH or the guest components', () => {
  const programs = { KATA_CDH: 'source', KATA_GUEST_COMPONENTS: 'source' };
  const bare = madeFrom({ KATA_AGENT: '/bin/true' });
  expect(bare).toContain('rootfs');
  expect(madeFrom({ KATA_AGENT: 'source', ...programs })).toEqual(bare);
  expect(bare.filter((id) => /agent|cdh|components|policy|reuse-port/.test(id))).toEqual([]);
});

test('the VM template of the stand-in is made from its layer, which it has loaded', () => {
  expect(madeFrom({ KATA_AGENT: 'stand-in' })).toContain('stand-in-layer');
});
