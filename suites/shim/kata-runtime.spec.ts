import { describe, expect, test } from '../../fixtures/test.ts';

describe('kata-runtime', { tags: ['kata-shim', 'kata-runtime'] }, () => {
  test('kata-runtime exec opens a root shell in the guest of a sandbox', { tags: ['debug-console'] }, async ({
    execInSandbox,
    guest,
  }) => {
    const [boot, id] = ['cat /proc/sys/kernel/random/boot_id', 'id -u'];
    const { stdout } = await guest.run(['sh', '-c', `${boot}; ${id}`]);
    const [bootId, user] = stdout.trim().split('\n');
    // The quotes keep the words out of the echo of the terminal.
    const shown = await execInSandbox(guest.sandboxId, [`echo b''oot=$(${boot}) u''ser=$(${id})`, 'exit']);
    expect(shown).toContain(`boot=${bootId} user=${user}`);
    expect(user).toBe('0');
  });

  test('kata-runtime exec of an unknown sandbox fails with an error that names it', async ({ kataRuntime }) => {
    const { exitCode, stderr } = await kataRuntime(['exec', 'nosuch']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('nosuch')]);
  });

  test('kata-runtime metrics prints the metrics of a sandbox, and fails for an unknown one', async ({
    guest,
    kataRuntime,
  }) => {
    const { stdout } = await kataRuntime(['metrics', guest.sandboxId]);
    expect(stdout).toMatch(/^kata_hypervisor_threads \d/m);
    expect(stdout).toMatch(/^kata_agent_total_rss \d/m);
    expect(await kataRuntime(['metrics', 'nosuch'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nosuch'),
    });
  });

  test('kata-runtime env prints the configuration with which the shim starts sandboxes', async ({
    guest,
    host,
    hostKernel,
    kataRuntime,
  }) => {
    const { stdout } = await kataRuntime(['env', '--json']);
    const { Host, Hypervisor, Image, Kernel, Runtime } = JSON.parse(stdout);
    expect(Host).toMatchObject({ Kernel: hostKernel, VMContainerCapable: true });
    expect(Runtime.Config.Path).toBe('/etc/kata-containers/configuration.toml');
    const { hypervisors } = await host.resources(guest.sandboxId);
    const words = hypervisors[0]?.words ?? [];
    expect(words[0]).toBe(Hypervisor.Path);
    expect(words[words.indexOf('-kernel') + 1]).toBe(Kernel.Path);
    const parts = words.flatMap((word) => word.split(/[=,]/)).filter((part) => part !== '');
    expect(parts).toContain(Image.Path);
  });

  test('kata-runtime check reports that this host can create VMs', async ({ kataRuntime }) => {
    expect(await kataRuntime(['check', '--no-network-checks'])).toMatchObject({
      exitCode: 0,
      stdout: 'System is capable of running Kata Containers\nSystem can currently create Kata Containers\n',
    });
  });
});
