import { parse } from '@iarna/toml';
import { expect, test } from 'vitest';
import { configureKata, type KataConfigOptions } from './kata-config.ts';

const UPSTREAM = `# a comment
[hypervisor.qemu]
path = "/usr/bin/qemu"
kernel = "/usr/share/kata-containers/vmlinux.container"
initrd = "/usr/share/kata-containers/kata-containers-initrd.img"
image = "/usr/share/kata-containers/kata-containers.img"
enable_annotations = []
kernel_params = "tsc=reliable"
default_memory = 2048
virtio_fs_daemon = "/usr/libexec/virtiofsd"
#enable_debug = true
#disable_image_nvdimm = true
[agent.kata]
#enable_debug = true
#debug_console_enabled = true
[runtime]
#enable_debug = true
`;

const OPTIONS: KataConfigOptions = {
  qemu: '/usr/bin/qemu-system-x86_64',
  virtiofsd: '/usr/lib/qemu/virtiofsd',
  kernelParameters: ['agent.log=debug', 'agent.container_policy_file=/etc/policy.json'],
  memoryMib: 512,
  debug: 'agent',
};

test('image not initrd, debug, debug console, kernel parameters; every comment stays', () => {
  const configured = configureKata(UPSTREAM, OPTIONS);
  expect(parse(configured)).toMatchObject({
    hypervisor: {
      qemu: {
        path: '/usr/bin/qemu-system-x86_64',
        disable_image_nvdimm: true,
        default_memory: 512,
        kernel_params: 'tsc=reliable agent.log=debug agent.container_policy_file=/etc/policy.json',
      },
    },
    agent: { kata: { enable_debug: true, debug_console_enabled: true } },
    runtime: { enable_debug: true },
  });
  expect(configured).toContain('# initrd = ');
  expect(configured).toContain('# a comment');
});

test('configured twice is configured once', () => {
  const once = configureKata(UPSTREAM, OPTIONS);
  expect(configureKata(once, OPTIONS)).toBe(once);
});

test('the console is the runtime’s only when the hypervisor is to be debugged', () => {
  expect(parse(configureKata(UPSTREAM, OPTIONS))).not.toMatchObject({ hypervisor: { qemu: { enable_debug: true } } });
  expect(parse(configureKata(UPSTREAM, { ...OPTIONS, debug: 'hypervisor' }))).toMatchObject({
    hypervisor: { qemu: { enable_debug: true } },
  });
});
