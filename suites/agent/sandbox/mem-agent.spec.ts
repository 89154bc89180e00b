import { test as base, describe, expect, type Guest } from '../../../fixtures/test.ts';

/**
 * mem-agent is switched on with both of its jobs disabled, so that nothing happens before a call. It reads the pressure of the
 * cgroup hierarchy of version 2, which Kata's kernels account for if asked to; the guest is busy after its start, which is no
 * reason to wait.
 */
const test = base.extend('guestOptions', { scope: 'file' }, {
  machine: { cgroup: 2 },
  kernelParameters: [
    'psi=1',
    'agent.mem_agent_enable=1',
    'agent.mem_agent_memcg_disable=true',
    'agent.mem_agent_memcg_period_psi_percent_limit=100',
    'agent.mem_agent_compact_disable=true',
    'agent.mem_agent_compact_period_psi_percent_limit=100',
  ],
} as const);

describe('mem-agent of a sandbox', {
  tags: ['main-rpc', 'mem-agent-start', 'virtual-machine', 'guest-console'],
}, () => {
  test.for([
    [
      'MemAgentMemcgSet',
      'memcg',
      {
        disabled: true,
        swap: true,
        swappinessMax: 77,
        periodSecs: 1234,
        periodPsiPercentLimit: 98,
        evictionPsiPercentLimit: 97,
        evictionRunAgingCountMin: 5,
      },
    ],
    [
      'MemAgentCompactSet',
      'compact',
      {
        disabled: true,
        periodSecs: 1235,
        periodPsiPercentLimit: 96,
        compactPsiPercentLimit: 95,
        compactSecMax: 94,
        compactOrder: 8,
        compactThreshold: 4321,
        compactForceTimes: 6,
      },
    ],
  ] as const)(
    '%s replaces every field of the configuration of mem-agent',
    async ([method, job, fields], { guest, within }) => {
      const since = await guest.console.cursor();
      await guest.agent.call(method, fields);
      await guest.console.waitFor(new RegExp(`new ${job} config`), since, within('console'));
      const printed = await guest.console.textSince(since);
      const missing = Object.entries(fields).filter(
        ([name, value]) => !printed.includes(`${snakeCase(name)}: ${value}`),
      );
      expect(missing).toEqual([]);
    },
  );

  test('MemAgentCompactSet makes mem-agent compact the memory of the guest in the period of the request', async ({
    guest,
    within,
  }) => {
    const before = await scannedForCompaction(guest);
    const since = await guest.console.cursor();
    // Without force, mem-agent compacts the memory once, and again only if it is fragmented.
    await guest.agent.call('MemAgentCompactSet', { disabled: false, periodSecs: 1, compactForceTimes: 0 });
    await guest.console.waitFor(/compact stop[\s\S]*compact stop/, since, within('console'));
    await guest.agent.call('MemAgentCompactSet', { disabled: true });
    expect(await scannedForCompaction(guest)).toBeGreaterThan(before);
  });

  test('MemAgentMemcgSet makes mem-agent age the memory of control groups in the period of the request', async ({
    guest,
    within,
  }) => {
    const before = await generations(guest);
    await guest.agent.call('MemAgentMemcgSet', { disabled: false, periodSecs: 1 });
    // mem-agent leaves alone what the kernel has aged in the last minute, and so all of a guest that has just started.
    await expect.poll(() => generations(guest), { timeout: within('mem-agent').timeoutMs }).toBeGreaterThan(before);
    await guest.agent.call('MemAgentMemcgSet', { disabled: true });
  });
});

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Number of pages that the guest's kernel has looked at for compaction so far. */
async function scannedForCompaction(guest: Guest): Promise<number> {
  const { stdout } = await guest.run(['cat', '/proc/vmstat']);
  return Number(/^compact_migrate_scanned (\d+)$/m.exec(stdout)?.[1]);
}

/** Number of the youngest generation of the pages of any control group. */
async function generations(guest: Guest): Promise<number> {
  const { stdout } = await guest.run(['cat', '/sys/kernel/debug/lru_gen']);
  return Math.max(...Array.from(stdout.matchAll(/^ +(\d+) +\d+ +\d+ +\d+/gm), ([, number]) => Number(number)));
}
