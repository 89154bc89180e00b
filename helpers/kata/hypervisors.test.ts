import { expect, test } from 'vitest';
import { parseClhVersion } from './hypervisors.ts';

test.for([
  ['cloud-hypervisor v51.1.0\n', '51.1.0'],
  ['cloud-hypervisor v51.1-dirty\n', '51.1-dirty'],
  ['QEMU emulator version 10.0.13\n', undefined],
  ['', undefined],
])('parseClhVersion reads %o as %o', ([output, version]) => {
  expect(parseClhVersion(output ?? '')).toBe(version);
});
