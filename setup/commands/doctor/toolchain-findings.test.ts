import { expect, test } from 'vitest';
import type { TargetName } from '../../../helpers/contract/target.ts';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { notReady } from './show-findings.ts';
import { toolchainFindings } from './toolchain-findings.ts';

function found(target: TargetName, settings: Record<string, string>, paths = NONE): readonly string[] {
  return toolchainFindings(withTarget(target, loadConfig(settings)), paths).map(({ problem, what }) => problem ?? what);
}

const NONE: Parameters<typeof toolchainFindings>[1] = { cargo: undefined, go: undefined };

test('the doctor names a missing cargo and Go, and the settings that need them', () => {
  expect(found('vm', { KATA_AGENT: 'source', KATA_CDH: 'source', katacontainers_branch: 'main' })).toEqual([
    'cargo is missing, for KATA_AGENT=source, KATA_CDH=source; install Rust (https://rustup.rs)',
  ]);
  expect(found('vm', { katacontainers_branch: 'main' })).toEqual([
    'cargo is missing, for the agent; install Rust (https://rustup.rs)',
  ]);
  expect(found('local', { KATA_CONTAINERD: 'source' })).toEqual([
    'go is missing, for KATA_CONTAINERD=source; install Go (https://go.dev)',
  ]);
  expect(found('kata', { KATA_RUNTIME: 'go' }, { cargo: '/usr/bin/cargo', go: undefined })).toEqual([
    'cargo for KATA_TARGET=kata: /usr/bin/cargo',
    'go is missing, for the runtime in Go; install Go (https://go.dev)',
  ]);
});

test('the doctor asks for no toolchain where nothing is built', () => {
  expect(found('local', {})).toEqual([]);
  expect(found('kata', { KATA_BUNDLE: '/tmp', KATA_CDH: 'source' })).toEqual([]);
  expect(found('vm', { KATA_AGENT: 'stand-in', KATA_CDH: 'source' })).toEqual([]);
});

test('the last line of the doctor names the only problem, or counts them', () => {
  expect(notReady(['not root'])).toBe('not ready: not root');
  expect(notReady(['not root', 'disk full'])).toBe('not ready: 2 problems, above');
});
