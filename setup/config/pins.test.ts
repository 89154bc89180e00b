import { expect, test } from 'vitest';
import type { TargetName } from '../../helpers/contract/target.ts';
import { loadConfig } from './config.ts';
import { librariesFor, toolsFor } from './pins.ts';
import { withTarget } from './validated.ts';

const KERNEL = ['flex', 'bison', 'libelf-dev'];
const UPSTREAM = ['patch'];
const FETCH = ['curl'];
const QEMU = ['meson', 'ninja', 'libglib2.0-dev'];

test.for<[TargetName, Record<string, string>, readonly string[]]>([
  ['local', { KATA_KERNEL: 'source', KATA_QEMU: 'source' }, []],
  ['vm', {}, []],
  ['vm', { KATA_KERNEL: 'build' }, KERNEL],
  ['vm', { KATA_KERNEL: 'source' }, [...KERNEL, ...UPSTREAM, ...FETCH]],
  ['vm', { KATA_KERNEL: 'source', KATA_KERNEL_SOURCE: '/linux' }, [...KERNEL, ...UPSTREAM]],
  ['vm', { KATA_QEMU: 'source' }, []],
  ['kata', {}, KERNEL],
  ['kata', { KATA_KERNEL: 'source' }, [...KERNEL, ...UPSTREAM, ...FETCH]],
  ['kata', { KATA_QEMU: 'source' }, [...KERNEL, ...UPSTREAM, ...QEMU]],
  ['kata', { KATA_BUNDLE: '/tmp', KATA_KERNEL: 'source', KATA_QEMU: 'source' }, []],
])('target %s with %j needs the build tools %j', ([target, environment, wanted]) => {
  const config = withTarget(target, loadConfig(environment));
  const needed: readonly string[] = [...toolsFor(config), ...librariesFor(config)];
  const all = [...KERNEL, ...UPSTREAM, ...FETCH, ...QEMU];
  expect(needed.filter((name) => all.includes(name)).sort()).toEqual([...wanted].sort());
  expect(new Set(needed).size).toBe(needed.length);
});
