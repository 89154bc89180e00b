import { expect, test } from 'vitest';
import { insistsOnReusePort, ttrpcVersionIn } from './ttrpc-crate.ts';

test('ttrpcVersionIn reads the version of the crate ttrpc from a panic location, and no other crate’s', () => {
  const before = '/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f';
  const program = Buffer.from(`\u007fELF${before}/ttrpc-codegen-0.2.0/src/lib.rs${before}/ttrpc-0.8.1/src/common.rsx`);
  expect(ttrpcVersionIn(program)).toBe('0.8.1');
  expect(ttrpcVersionIn(Buffer.from('ttrpc-0.8.1'))).toBeUndefined();
});

test.for([
  ['0.5.1', false],
  ['0.5.2', true],
  ['0.7.1', true],
  ['0.8.3', true],
  ['0.8.4', false],
  ['0.9.0', false],
] as const)('insistsOnReusePort of ttrpc %s is %s', ([version, insists]) => {
  expect(insistsOnReusePort(version)).toBe(insists);
});
