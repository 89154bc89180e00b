import { describe, expect, test } from '../../fixtures/test.ts';

// Endpoints that agents of main have and agents of CCv0 lack.
describe('endpoints of main', { tags: ['main-rpc'] }, () => {
  test('AddSwapPath with a path that does not exist fails in swapon with "No such file or directory"', {
    tags: ['swap-path-rpc'],
  }, async ({ guest }) => {
    await expect(guest.agent.addSwapPath({ path: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^libc::swapon get error No such file or directory/),
    });
  });

  test.for([
    ['MemAgentMemcgSet', 'memAgentMemcgSet'],
    ['MemAgentCompactSet', 'memAgentCompactSet'],
  ] as const)(
    '%s is rejected while mem-agent is disabled',
    { tags: ['mem-agent-rpc'] },
    async ([, method], { guest }) => {
      await expect(guest.agent[method]({})).rejects.toMatchObject({
        code: 'internal',
        details: 'mem-agent is disabled',
      });
    },
  );
});
