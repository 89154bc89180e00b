import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canFetchToolchain, goEnvironment, identifyGo, requiredGo } from './go.ts';

test('requiredGo returns the Go version of a go.mod', () => {
  expect(requiredGo('module a\n\ngo 1.26.7\n')).toBe('1.26.7');
  expect(requiredGo('module a\n')).toBeUndefined();
});

test('Go 1.21 and later can fetch another toolchain, and GOTOOLCHAIN allows it only on request', () => {
  const go = (version: string) => ({ path: '/usr/local/go/bin/go', version, env: {} });
  expect(['1.19.8', '1.21.0', '1.26.8', '1.23rc1', '1.24-8b3e9'].map(go).map(canFetchToolchain)).toEqual([
    ...[false, true, true, true, true],
  ]);
  expect(goEnvironment(go('1.26.8'), { other: false })).toMatchObject({ GOTOOLCHAIN: 'local' });
  expect(goEnvironment(go('1.26.8'), { other: true })).toMatchObject({ GOTOOLCHAIN: 'auto' });
});

test('identifyGo rejects an executable that is not Go', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-go-'));
  const path = join(directory, 'go');
  await writeFile(path, '#!/bin/sh\necho go for a walk\n', { mode: 0o755 });
  await expect(identifyGo(path, {})).rejects.toThrow(`${path} version, not "go for a walk`);
  await rm(directory, { recursive: true });
});
