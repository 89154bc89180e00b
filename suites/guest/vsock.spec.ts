import { describe, expect, test } from '../../fixtures/test.ts';

/** HealthCheckResponse { status: SERVING }, as bytes of protobuf. */
const SERVING = '0801';

/** Modules the kernel of set-up has, but does not load by itself. */
const LOOPBACK = ['sh', '-c', 'cd /usr/lib/modules 2>/dev/null || exit 0; busybox insmod vsock_loopback.ko'];

describe('real AF_VSOCK', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('carries our client and our bridge to the agent, within the guest', async ({ launch }) => {
    const guest = await launch({ machine: { node: true } });
    await guest.run(LOOPBACK);
    const { stdout } = await guest.run(['node', '/opt/vsock-probe.mjs', 'vsock://1:1024']);
    expect(stdout.trim()).toBe(SERVING);
  });

  test('refuses a port nobody listens on, and says which', async ({ launch }) => {
    const guest = await launch({ machine: { node: true } });
    await guest.run(LOOPBACK);
    await expect(guest.run(['node', '/opt/vsock-probe.mjs', 'vsock://1:1099'])).rejects.toMatchObject({
      stderr: expect.stringMatching(/vsock:\/\/1:1099.*(reset|refused)/is),
    });
  });
});
