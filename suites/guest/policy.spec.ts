import { test as base, blockedByPolicy, describe, expect, MACHINE_METHODS } from '../../fixtures/test.ts';

/** Two processors, because the only one of a guest cannot be offline. */
const test = base.extend('guestOptions', { scope: 'file' }, { machine: { cpus: 2 } } as const);

describe('requests that change a VM under the agent’s policy', {
  tags: ['agent-policy', 'main-rpc', 'virtual-machine'],
}, () => {
  test.for(MACHINE_METHODS)(
    '$method denied by the policy alone fails with PERMISSION_DENIED and $denied; allowed, it $allowed',
    async (row, { denyThenAllow, guest, within }) => {
      const { allowed, denied, effect, rule, stateAfterDenied } = await denyThenAllow(guest, row);
      expect(denied).toMatchObject(blockedByPolicy(rule));
      expect(stateAfterDenied).toEqual(effect.before);
      expect(allowed).toMatchObject({ code: 'ok', ...row.outcome });
      await expect.poll(effect.state, { timeout: within('process').timeoutMs }).toEqual(effect.after);
    },
  );
});
