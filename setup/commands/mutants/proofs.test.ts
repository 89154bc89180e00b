import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Measurement, readProofs, writeProofs } from '../../../helpers/contract/proofs.ts';
import { readUnproved, whyUnproved } from '../../../helpers/contract/unproved.ts';
import { declaredFields } from '../../../protos/fields.ts';
import { describeUnderTest, methodsUnderTest } from '../../../protos/under-test.ts';
import { projectPath } from '../../project.ts';
import { fileOf } from './mute-choice.ts';
import { isMethod } from './mute-verdict.ts';

const PROOFS = projectPath('suites/proofs.json');
const UNPROVED = projectPath('suites/unproved.json');

/** All methods and fields that an agent of any generation declares, or a shim. */
const DECLARED = (['skopeo', 'guest-pull'] as const).flatMap((generation) => {
  const protos = describeUnderTest({ generation }, { shim: true });
  return [...methodsUnderTest(protos)].flatMap(([method, request]) => [
    method,
    ...declaredFields(protos, request).map((field) => `${method}.${field}`),
  ]);
});

test('every entry of suites/unproved.json holds for a method or field that an agent has', async () => {
  for (const [where, reasons] of Object.entries(await readUnproved(UNPROVED)))
    for (const [key, reason] of Object.entries(reasons)) {
      const holds = (name: string): boolean => whyUnproved({ [where]: { [key]: reason } }, name, [where]) !== undefined;
      expect(DECLARED.some(holds), key).toBe(true);
    }
});

test('suites/unproved.json excuses at most four methods', async () => {
  const reasons = await readUnproved(UNPROVED);
  const targets = Object.keys(reasons);
  const methods = DECLARED.filter(isMethod).filter((method) => whyUnproved(reasons, method, targets) !== undefined);
  expect(new Set(methods).size, methods.join(', ')).toBeLessThanOrEqual(4);
});

test('suites/proofs.json names spec files, methods and fields that exist', async () => {
  for (const { proved, unproved } of Object.values(await readProofs(PROOFS))) {
    expect([...Object.keys(proved), ...unproved].filter((name) => !DECLARED.includes(name))).toEqual([]);
    expect(Object.values(proved).filter((id) => !existsSync(projectPath(fileOf(id))))).toEqual([]);
  }
});

test('suites/unproved.json gives a reason for each method that suites/proofs.json has as unproved, and for none that it has as proved', async () => {
  const reasons = await readUnproved(UNPROVED);
  for (const [subject, { proved, unproved }] of Object.entries(await readProofs(PROOFS))) {
    const why = (name: string): string | undefined => whyUnproved(reasons, name, subject.split(' ').slice(0, 1));
    expect(unproved.filter((name) => isMethod(name) && why(name) === undefined)).toEqual([]);
    expect(Object.keys(proved).filter((name) => why(name) !== undefined)).toEqual([]);
  }
});

const MEASUREMENT: Measurement = {
  agent: '1.0',
  measured: '2026-03-04',
  specs: { 'b.spec.ts': 'x', 'a.spec.ts': 'y' },
  proved: {},
  unproved: ['b', 'a'],
};

test('writeProofs replaces the results of one subject, sorted, and keeps the others', async () => {
  const file = join(await temporary(), 'proofs.json');
  expect(await readProofs(file)).toEqual({});
  await writeProofs(file, 'vm kata-agent skopeo', MEASUREMENT);
  await writeProofs(file, 'local stand-in skopeo', MEASUREMENT);
  await writeProofs(file, 'vm kata-agent skopeo', { ...MEASUREMENT, agent: '2.0' });
  const written = await readProofs(file);
  expect(Object.entries(written).map(([subject, { agent }]) => [subject, agent])).toEqual([
    ['local stand-in skopeo', '1.0'],
    ['vm kata-agent skopeo', '2.0'],
  ]);
  expect(written['vm kata-agent skopeo']?.unproved).toEqual(['a', 'b']);
  expect(await readFile(file, 'utf8')).toMatch(/"a\.spec\.ts": "y",\n +"b\.spec\.ts": "x"/);
});

test.for([
  ['{', 'JSON'],
  ['{"vm kata-agent skopeo":{"agent":"1"}}', '/vm kata-agent skopeo/measured: '],
  [JSON.stringify({ vm: { ...MEASUREMENT, measured: 'today' } }), '/vm/measured: '],
])('readProofs rejects %s and names the file', async ([text = '', message]) => {
  const file = join(await temporary(), 'proofs.json');
  await writeFile(file, text);
  await expect(readProofs(file)).rejects.toThrow(message);
  await expect(readProofs(file)).rejects.toThrow(file);
});

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-proofs-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
