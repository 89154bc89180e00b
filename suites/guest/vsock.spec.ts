import { test as base, describe, expect } from '../../fixtures/test.ts';

/** HealthCheckResponse { status: SERVING }, as bytes of protobuf. */
const SERVING = '0801';

/** A module set-up puts where a kernel has it as one; elsewhere it is built in. */
const LOOPBACK = '/usr/lib/modules/vsock_loopback.ko';

const test = base.extend('guestOptions', { scope: 'file' }, { machine: { node: true } } as const);

describe('real AF_VSOCK', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test.beforeEach(async ({ guest }) => {
    await guest.run([
      'sh',
      '-c',
      `[ ! -f ${LOOPBACK} ] || grep -q vsock_loopback /proc/modules || busybox insmod ${LOOPBACK}`,
    ]);
  });

  test('carries our client and our bridge to the agent, within the guest', async ({ guest }) => {
    const { stdout } = await guest.run(['node', '/opt/vsock-probe.mjs', 'vsock://1:1024']);
    expect(stdout.trim()).toBe(SERVING);
  });

  test('refuses a port nobody listens on, and says which', async ({ guest }) => {
    await expect(guest.run(['node', '/opt/vsock-probe.mjs', 'vsock://1:1099'])).rejects.toMatchObject({
      stderr: expect.stringMatching(/vsock:\/\/1:1099.*(reset|refused)/is),
    });
  });
});
