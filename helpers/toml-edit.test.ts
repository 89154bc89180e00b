import { parse } from '@iarna/toml';
import { expect, test } from 'vitest';
import { editToml, tomlOverlay } from './toml-edit.ts';

const KATA = `# Kata
[hypervisor.qemu]
path = "/usr/bin/qemu"
initrd = "/initrd" # one of the two
# Comment about the image
#enable_debug = true
rootless = true
kernel_params = "a=b"

[runtime]
# enable_debug = true
`;

test('a setting is changed, taken out of its comment, put into one; nothing else moves', () => {
  const edited = editToml(KATA, [
    { section: 'hypervisor.qemu', key: 'path', value: '/opt/qemu' },
    { section: 'hypervisor.qemu', key: 'initrd', value: undefined },
    { section: 'runtime', key: 'enable_debug', value: true },
    { section: 'hypervisor.qemu', key: 'kernel_params', value: (now) => `${now} c=d` },
  ]);
  const changed = edited.split('\n').filter((line, index) => line !== KATA.split('\n')[index]);
  expect(changed).toEqual([
    'path = "/opt/qemu"',
    '# initrd = "/initrd" # one of the two',
    'kernel_params = "a=b c=d"',
    'enable_debug = true',
  ]);
  expect(parse(edited)).toEqual({
    hypervisor: { qemu: { path: '/opt/qemu', rootless: true, kernel_params: 'a=b c=d' } },
    runtime: { enable_debug: true },
  });
});

test('the same edits twice are the same as once', () => {
  const edits = [
    { section: 'hypervisor.qemu', key: 'initrd', value: undefined },
    { section: 'hypervisor.qemu', key: 'enable_debug', value: true },
  ];
  expect(editToml(editToml(KATA, edits), edits)).toBe(editToml(KATA, edits));
});

test('a setting the file does not know is an error, unless it may be missing', () => {
  const edit = { section: 'runtime', key: 'nonsense', value: true };
  expect(() => editToml(KATA, [edit])).toThrow('section [runtime] knows no nonsense');
  expect(() => editToml(KATA, [{ ...edit, section: 'nosuch' }])).toThrow('no section [nosuch] to set nonsense in');
  expect(editToml(KATA, [{ ...edit, optional: true }])).toBe(KATA);
});

test('an overlay has the settings that are to be different, section by section, and nothing else', () => {
  const edits = [
    { section: 'hypervisor.qemu', key: 'path', value: '/opt/qemu' },
    { section: 'runtime', key: 'enable_debug', value: true },
    { section: 'hypervisor.qemu', key: 'initrd', value: undefined },
    { section: 'hypervisor.qemu', key: 'enable_debug', value: undefined },
    { section: 'hypervisor.qemu', key: 'rootless', value: undefined },
    { section: 'hypervisor.qemu', key: 'kernel_params', value: (now = '') => `${now} c=d` },
    { section: 'runtime', key: 'nonsense', value: 1, optional: true },
  ] as const;
  expect(tomlOverlay(KATA, edits)).toBe(`[hypervisor.qemu]
path = "/opt/qemu"
initrd = ""
rootless = false
kernel_params = "a=b c=d"

[runtime]
enable_debug = true
`);
  expect(() => tomlOverlay(KATA, [{ section: 'runtime', key: 'nonsense', value: 1 }])).toThrow(
    'section [runtime] knows no nonsense',
  );
});
