import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { debianOf, describeSystem, toldVersions } from './debian.ts';
import { rejectOther } from './running.ts';

const entry = (name: string, version: string): string =>
  `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nDescription: none\n Version: 0\n`;
const STATUS = [
  entry('containerd', '1.7.24~ds1-6+b4'),
  entry('qemu-system-x86', '1:10.0.3+ds-0+deb13u1'),
  entry('runc', '1.1.15+ds1-2+b4'),
].join('\n');

test('a dev VM tells the versions of containerd, runc and QEMU that dpkg has', () => {
  const versions = { Linux: '6.12.48+deb13-amd64', ...toldVersions(STATUS) };
  expect(describeSystem({ debian: '13', versions })).toBe(
    'Debian 13, Linux 6.12.48+deb13-amd64, containerd 1.7.24~ds1-6+b4, runc 1.1.15+ds1-2+b4, QEMU 1:10.0.3+ds-0+deb13u1',
  );
});

test('toldVersions fails for a package that is not installed', () => {
  expect(() => toldVersions(entry('containerd', '1.7.24'))).toThrow("the dev VM's Debian has no package runc");
});

test('a running dev VM of another Debian is rejected', () => {
  const hardware = { accelerator: 'tcg', cpus: 1, memoryMib: 4_096, image: '/image' } as const;
  expect(() =>
    rejectOther({ hardware: { ...hardware, debian: '13' } }, { devvmDebian: '13', hypervisor: 'qemu' }),
  ).not.toThrow();
  expect(() =>
    rejectOther({ hardware: { ...hardware, debian: '12' } }, { devvmDebian: 'auto', hypervisor: 'qemu' }),
  ).not.toThrow();
  expect(() =>
    rejectOther({ hardware: { ...hardware, debian: '12' } }, { devvmDebian: '13', hypervisor: 'qemu' }),
  ).toThrow('KATA_DEVVM_DEBIAN=13: the dev VM that runs is of Debian 12; run `pnpm devvm down --discard` first');
});

test('the dev VM is Debian 12 for the default revision of Kata, 13 for others, and what KATA_DEVVM_DEBIAN says', () => {
  const debian = (settings: Record<string, string>): string => debianOf(loadConfig(settings));
  expect(debian({})).toBe('12');
  expect(debian({ katacontainers_branch: '4.1.0' })).toBe('13');
  expect(debian({ KATA_DEVVM_DEBIAN: '13' })).toBe('13');
  expect(debian({ KATA_DEVVM_DEBIAN: '12', katacontainers_branch: '4.1.0' })).toBe('12');
});

test('KATA_HYPERVISOR=clh is rejected in an emulated dev VM whose processor has no XSAVE', () => {
  const hardware = { accelerator: 'tcg', cpus: 1, memoryMib: 1, image: '/image', debian: '13' } as const;
  const clh = { devvmDebian: 'auto', hypervisor: 'clh' } as const;
  expect(() => rejectOther({ hardware }, clh)).toThrow(
    /^KATA_HYPERVISOR=clh: the emulated processor of the dev VM that runs has no XSAVE, .*; run `pnpm devvm down` first$/,
  );
  expect(() => rejectOther({ hardware: { ...hardware, xsave: true } }, clh)).not.toThrow();
  expect(() => rejectOther({ hardware: { ...hardware, accelerator: 'kvm' } }, clh)).not.toThrow();
  expect(() => rejectOther({ hardware }, { ...clh, hypervisor: 'qemu' })).not.toThrow();
});
