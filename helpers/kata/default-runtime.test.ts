import { expect, test } from 'vitest';
import { defaultRuntime } from './default-runtime.ts';

test.for([
  ['4.1.0', 'defaultShim:\n  amd64: qemu-runtime-rs\n  ppc64le: qemu\nenv:\n  defaultShim: ""\n', 'rs'],
  ['3.32.0', 'defaultShim:\n  amd64: qemu\n  arm64: qemu-runtime-rs\nenv:\n  defaultShim: ""\n', 'go'],
  ['3.20.0', 'env:\n  shims: "clh qemu qemu-runtime-rs"\n  defaultShim: "qemu"\n', 'go'],
  ['a chart whose default is Dragonball', 'defaultShim: {amd64: dragonball}\n', 'rs'],
  ['a chart without a default', 'env: {}\n', undefined],
  ['an empty chart', '', undefined],
] as const)('defaultRuntime of %s', ([, values, expected]) => {
  expect(defaultRuntime(values)).toBe(expected);
});
