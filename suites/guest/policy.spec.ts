import {
  test as base,
  blockedByPolicy,
  describe,
  expectDeniedThenAllowed,
  MACHINE_METHODS,
} from '../../fixtures/test.ts';

/** Two processors, because the only one of a guest cannot be offline. */
const test = base.extend('guestOptions', { scope: 'file' }, { machine: { cpus: 2 } } as const);

describe('requests that change a VM under the agent’s policy', {
  tags: ['agent-policy', 'main-rpc', 'virtual-machine'],
}, () => {
  test.for(MACHINE_METHODS)(
    '$method denied by the policy alone fails with PERMISSION_DENIED and $denied; allowed, it $allowed',
    async (row, { denyThenAllow, guest, within }) => {
      const outcome = await denyThenAllow(guest, row);
      await expectDeniedThenAllowed(outcome, row, { error: blockedByPolicy, ...within('process') });
    },
  );
});
