import { test as base, describe, expect } from '../../fixtures/test.ts';

/** HealthCheckResponse { status: SERVING } as protobuf bytes in hexadecimal. */
const SERVING = '0801';

const test = base.extend('guestOptions', { scope: 'file' }, { machine: { node: true } } as const);

/** Command that calls Check of the agent at a vsock address from within the guest. */
function probe(address: string, { timeoutMs }: { readonly timeoutMs: number }): string[] {
  return ['node', '/opt/vsock-probe.mjs', address, String(timeoutMs)];
}

describe('AF_VSOCK within the guest', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test.beforeEach(async ({ guest }) => {
    // Set-up puts the module there if the kernel has it as a module; otherwise it is built in.
    await guest.run(['sh', '-c', '[ ! -d /usr/lib/modules ] || modprobe vsock_loopback']);
  });

  test('Check from a client in the guest, over AF_VSOCK to CID 1, returns SERVING', async ({ guest, within }) => {
    const { stdout } = await guest.run(probe('vsock://1:1024', within('rpc')));
    expect(stdout.trim()).toBe(SERVING);
  });

  test('a connection over AF_VSOCK to a port without a listener fails with an error that names the address', async ({
    guest,
    within,
  }) => {
    await expect(guest.run(probe('vsock://1:1099', within('rpc')))).rejects.toMatchObject({
      stderr: expect.stringMatching(/vsock:\/\/1:1099.*(reset|refused)/is),
    });
  });
});
