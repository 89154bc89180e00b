import { describe, expect, test } from '../../fixtures/test.ts';

describe('kata-ctl', { tags: ['kata-shim', 'kata-ctl'] }, () => {
  test('kata-ctl exec runs a command as root in the guest of a sandbox, and exits with its status', {
    tags: ['debug-console'],
  }, async ({ guest, kataCtl }) => {
    const { stdout: bootId } = await guest.run(['cat', '/proc/sys/kernel/random/boot_id']);
    const script = 'id -u; cat /proc/sys/kernel/random/boot_id; exit 7';
    expect(await kataCtl(['exec', guest.sandboxId, '--', 'sh', '-c', script])).toMatchObject({
      exitCode: 7,
      stdout: `0\n${bootId}`,
    });
  });

  test('kata-ctl exec of an unknown sandbox fails with an error that names it', async ({ kataCtl }) => {
    const { exitCode, stderr } = await kataCtl(['exec', 'nosuch', '--', 'true']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('nosuch')]);
  });

  test('kata-ctl cp copies a file into the guest of a sandbox and back, if the guest has the devkit extension', {
    tags: ['debug-console'],
  }, async ({ kataCtl, launch, localDirectory }) => {
    const guest = await launch({ startedBy: 'ctr' });
    const local = await localDirectory({ file: 10_000 });
    const copied = `${guest.sandboxId}:/tmp/copied`;
    const refused = await kataCtl(['cp', `${local.path}/file`, copied]);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('no devkit guest extension')]);
    // kata-ctl looks for this directory only; tar and base64, for which it needs the extension, are in every guest of this project.
    await guest.run(['mkdir', '-p', '/run/kata-extensions/devkit']);
    expect(await kataCtl(['cp', `${local.path}/file`, copied])).toMatchObject({ exitCode: 0 });
    const { stdout } = await guest.run(['sha256sum', '/tmp/copied']);
    expect(stdout).toBe(`${await local.digest('file')}  /tmp/copied\n`);
    expect(await kataCtl(['cp', copied, `${local.path}/back`])).toMatchObject({ exitCode: 0 });
    expect(await local.digest('back')).toBe(await local.digest('file'));
  });

  test('kata-ctl env prints the configuration with which the shim starts sandboxes', async ({
    guest,
    host,
    hostKernel,
    kataCtl,
  }) => {
    const { stdout } = await kataCtl(['env', '--json']);
    const env = JSON.parse(stdout);
    expect(env.host).toMatchObject({ kernel: hostKernel, vm_container_capable: true });
    expect(env.runtime.config.path).toBe('/etc/kata-containers/runtime-rs/configuration.toml');
    const { hypervisors } = await host.resources(guest.sandboxId);
    const words = hypervisors[0]?.words ?? [];
    expect(words[0]).toBe(env.hypervisor.path);
    expect(words).toContain(env.kernel.path);
    expect(env.image.path).toMatch(/^\//);
    expect(words.join(' ')).toContain(env.image.path);
  });

  test('kata-ctl check all succeeds on a host that can create VMs, and fails if /dev/kvm is no KVM', async ({
    kataCtl,
  }) => {
    expect(await kataCtl(['check', 'all'])).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await kataCtl(['check', 'all'], { kvm: false });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('KVM check failed')]);
  });
});
