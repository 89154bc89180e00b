import { describe, expect, test } from 'vitest';
import { parseToml as parse } from '../../helpers/text/toml-read.ts';
import { configureKata, guestCgroup, type KataConfigOptions, kataDropIn, readsDropIns } from './kata-config.ts';

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
  runtime: 'go',
  hypervisor: 'qemu',
  program: '/usr/bin/qemu-system-x86_64',
  virtiofsd: '/usr/lib/qemu/virtiofsd',
  kernel: '/srv/vmlinux',
  image: '/srv/kata.img',
  kernelParameters: ['agent.log=debug', 'agent.container_policy_file=/etc/policy.json'],
  memoryMib: 512,
  debug: 'agent',
};

test('configureKata sets image, debug, debug console and kernel parameters, and keeps every comment', () => {
  const configured = configureKata(UPSTREAM, OPTIONS);
  expect(parse(configured)).toMatchObject({
    hypervisor: {
      qemu: {
        path: '/usr/bin/qemu-system-x86_64',
        kernel: '/srv/vmlinux',
        image: '/srv/kata.img',
        disable_image_nvdimm: true,
        default_memory: 512,
        kernel_params: 'tsc=reliable agent.log=debug agent.container_policy_file=/etc/policy.json',
      },
    },
    agent: { kata: { enable_debug: true, debug_console_enabled: true } },
    runtime: { enable_debug: true },
  });
  expect(parse(configured)).toMatchObject({ hypervisor: { qemu: { initrd: '' } } });
  expect(configured).toContain('# a comment');
});

test('configureKata is idempotent', () => {
  const once = configureKata(UPSTREAM, OPTIONS);
  expect(configureKata(once, OPTIONS)).toBe(once);
});

describe('kernel_params in Kata’s configuration', () => {
  const spellings = {
    'in single quotes': `'tsc=reliable dyndbg="file a  +p"'`,
    'before a comment': String.raw`"tsc=reliable dyndbg=\"file a  +p\"" # mine`,
    'over several lines': String.raw`"""tsc=reliable \
  dyndbg=\"file a  +p\""""`,
    'over several lines in single quotes': `'''\ntsc=reliable dyndbg="file a  +p"'''`,
  };
  test.for(Object.entries(spellings))('configureKata appends kernel parameters to existing ones %s', ([, written]) => {
    const upstream = UPSTREAM.replace('"tsc=reliable"', () => written);
    const kernel_params =
      'tsc=reliable dyndbg="file a  +p" agent.log=debug agent.container_policy_file=/etc/policy.json';
    expect(parse(configureKata(upstream, OPTIONS))).toMatchObject({ hypervisor: { qemu: { kernel_params } } });
    expect(parse(kataDropIn(upstream, OPTIONS))).toMatchObject({ hypervisor: { qemu: { kernel_params } } });
  });

  test('configureKata rejects kernel_params that are not a string', () => {
    expect(() => configureKata(UPSTREAM.replace('"tsc=reliable"', '5'), OPTIONS)).toThrow(
      'kernel_params = 5: expected a string',
    );
  });
});

test('configureKata enables hypervisor debug, which gives the runtime the console, only with debug: hypervisor', () => {
  expect(parse(configureKata(UPSTREAM, OPTIONS))).not.toMatchObject({ hypervisor: { qemu: { enable_debug: true } } });
  expect(parse(configureKata(UPSTREAM, { ...OPTIONS, debug: 'hypervisor' }))).toMatchObject({
    hypervisor: { qemu: { enable_debug: true } },
  });
});

test('configureKata with guestPull forces guest pull, without a shared file system and with longer timeouts', () => {
  const main = UPSTREAM.replace('default_memory', 'shared_fs = "virtio-fs"\ndefault_memory')
    .replace('[agent.kata]', '[agent.kata]\ncdh_api_timeout = 50')
    .replace('[runtime]', '[runtime]\ncreate_container_timeout = 60\nexperimental_force_guest_pull = false');
  expect(parse(configureKata(main, { ...OPTIONS, guestPull: 'force' }))).toMatchObject({
    hypervisor: { qemu: { shared_fs: 'none' } },
    agent: { kata: { cdh_api_timeout: 240 } },
    runtime: { create_container_timeout: 240, experimental_force_guest_pull: true },
  });
});

test('configureKata with guestPull nydus leaves it to containerd’s snapshotter which images the guest pulls', () => {
  const main = UPSTREAM.replace('default_memory', 'shared_fs = "virtio-fs"\ndefault_memory')
    .replace('[agent.kata]', '[agent.kata]\ncdh_api_timeout = 50')
    .replace('[runtime]', '[runtime]\ncreate_container_timeout = 60\nexperimental_force_guest_pull = false');
  expect(parse(configureKata(main, { ...OPTIONS, guestPull: 'nydus' }))).toMatchObject({
    hypervisor: { qemu: { shared_fs: 'none' } },
    agent: { kata: { cdh_api_timeout: 240 } },
    runtime: { create_container_timeout: 240, experimental_force_guest_pull: false },
  });
  const runtimeRs = parse(kataDropIn(RUNTIME_RS, { ...OPTIONS, runtime: 'rs', guestPull: 'nydus' }));
  expect(runtimeRs).not.toHaveProperty('runtime.experimental');
});

test('configureKata with verity sets kernel_verity_params and allows annotations that change image and root hash', () => {
  const verity = { rootHash: 'aa', salt: 'bb', dataBlocks: 10, dataBlockSize: 4_096, hashBlockSize: 4_096 };
  const main = UPSTREAM.replace('default_memory', 'kernel_verity_params = ""\ndefault_memory');
  const { hypervisor } = parse(configureKata(main, { ...OPTIONS, verity })) as Record<string, unknown>;
  expect(hypervisor).toMatchObject({
    qemu: {
      kernel_verity_params: expect.stringMatching(/^root_hash=aa,salt=bb,/),
      enable_annotations: ['kernel_params', 'cc_init_data', 'kernel_verity_params', 'image'],
    },
  });
  expect(parse(configureKata(main, OPTIONS))).toMatchObject({
    hypervisor: { qemu: { kernel_verity_params: '', enable_annotations: ['kernel_params', 'cc_init_data'] } },
  });
  expect(() => configureKata(UPSTREAM, { ...OPTIONS, verity })).toThrow('hypervisor.qemu.kernel_verity_params');
});

test('kataDropIn contains only the settings that differ from upstream’s', () => {
  const laidOver = parse(kataDropIn(UPSTREAM, OPTIONS));
  expect(laidOver).toMatchObject({
    hypervisor: { qemu: { initrd: '', kernel_params: expect.stringMatching(/^tsc=reliable agent\.log=debug /) } },
    runtime: { enable_debug: true },
  });
  expect(laidOver).not.toMatchObject({ hypervisor: { qemu: { enable_annotations: [] } } });
});

test('readsDropIns is true since Kata 2.5.0, and throws for an unreadable version', () => {
  const said = (version: string): string =>
    `kata-runtime  : ${version}\n   commit   : d17aaba475\n   OCI specs: 1.0.2-dev\n`;
  expect(['2.3.0-rc0', '2.4.3', '2.5.0', '3.2.0-rc0', '4.1.0'].map(said).map(readsDropIns)).toEqual([
    ...[false, false, true, true, true],
  ]);
  expect(() => readsDropIns('flag provided but not defined')).toThrow('kata-runtime --version prints "flag provided');
});

/** Settings of runtime-rs 4.1.0's configurations. */
const RUNTIME_RS = `[hypervisor.qemu]
path = "/usr/bin/qemu-system-x86_64"
kernel = "/usr/share/kata-containers/vmlinux.container"
image = "/usr/share/kata-containers/kata-containers.img"
vm_rootfs_driver = "virtio-pmem"
kernel_params = "cgroup_no_v1=all"
default_memory = 2048
shared_fs = "virtio-fs"
virtio_fs_daemon = "/usr/libexec/virtiofsd"
disable_image_nvdimm = false
[agent.kata]
enable_debug = false
debug_console_enabled = false
dial_timeout_ms = 10
reconnect_timeout_ms = 3000
create_container_timeout = 30
cdh_api_timeout_ms = 50000
[runtime]
enable_debug = false
experimental = []
`;

test('the drop-in for runtime-rs boots from a virtio disk and waits for an emulated guest as long as that of Go', () => {
  const laidOver = parse(kataDropIn(RUNTIME_RS, { ...OPTIONS, runtime: 'rs' }));
  expect(laidOver).toMatchObject({
    hypervisor: { qemu: { vm_rootfs_driver: 'virtio-blk-pci' } },
    agent: { kata: { reconnect_timeout_ms: 240_000, create_container_timeout: 240 } },
  });
  expect(laidOver).not.toMatchObject({ agent: { kata: { dial_timeout_ms: expect.anything() } } });
  expect(laidOver).not.toMatchObject({ runtime: { experimental: expect.anything() } });
});

test('the drop-in for runtime-rs with guestPull names force_guest_pull as an experimental feature, and no disk of guest components', () => {
  const disk =
    '[[hypervisor.qemu.guest_extension_images]]\nname = "coco"\npath = "/usr/share/kata-containers/coco.img"\n';
  expect(parse(kataDropIn(`${RUNTIME_RS}${disk}`, { ...OPTIONS, runtime: 'rs', guestPull: 'force' }))).toMatchObject({
    hypervisor: { qemu: { shared_fs: 'none', guest_extension_images: [] } },
    agent: { kata: { cdh_api_timeout_ms: 240_000 } },
    runtime: { experimental: ['force_guest_pull'] },
  });
});

test('a setting that runtime-rs does not have is an error and not left out', () => {
  const other = RUNTIME_RS.replace('vm_rootfs_driver = "virtio-pmem"\n', '');
  expect(() => kataDropIn(other, { ...OPTIONS, runtime: 'rs' })).toThrow('hypervisor.qemu.vm_rootfs_driver');
});

test('a guest has cgroup v2 if upstream’s configuration disables v1, as that of runtime-rs does, and v1 otherwise', () => {
  expect(guestCgroup(RUNTIME_RS, 'qemu')).toEqual(['kata_cc.cgroup=2']);
  expect(guestCgroup(UPSTREAM, 'qemu')).toEqual(['kata_cc.cgroup=1', 'systemd.unified_cgroup_hierarchy=0']);
});

test('the drop-in for Cloud Hypervisor sets its table, and not what only QEMU has', () => {
  const clh = RUNTIME_RS.replaceAll('[hypervisor.qemu]', '[hypervisor.clh]');
  const program = '/opt/kata/bin/cloud-hypervisor';
  const { hypervisor } = parse(kataDropIn(clh, { ...OPTIONS, runtime: 'rs', hypervisor: 'clh', program }));
  expect(hypervisor).toEqual({ clh: expect.objectContaining({ path: program, vm_rootfs_driver: 'virtio-blk-pci' }) });
  expect(hypervisor).not.toHaveProperty('clh.disable_image_nvdimm');
  expect(guestCgroup(clh, 'clh')).toEqual(['kata_cc.cgroup=2']);
});
