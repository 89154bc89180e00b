import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readUnproved, whyUnproved } from './unproved.ts';

const PAUSE = 'grpc.AgentService/PauseContainer';

test('whyUnproved returns the reason for all targets, or for the one of a run', () => {
  const reasons = { everywhere: { [PAUSE]: 'for all' }, vm: { 'grpc.Health/Check': 'for vm' } };
  expect(whyUnproved(reasons, PAUSE, ['local'])).toBe('for all');
  expect(whyUnproved(reasons, 'grpc.Health/Check', ['vm'])).toBe('for vm');
  expect(whyUnproved(reasons, 'grpc.Health/Check', ['local'])).toBeUndefined();
});

test.for([
  // The reason of a method or field holds for all fields below.
  [PAUSE, `${PAUSE}.container_id`, true],
  [`${PAUSE}.a`, `${PAUSE}.a.b`, true],
  [`${PAUSE}.a`, `${PAUSE}.ab`, false],
  [`${PAUSE}.a`, PAUSE, false],
  ['grpc.AgentService/Pause', PAUSE, false],
  // `*` stands for one or more names, and case does not matter.
  ['grpc.AgentService/*.Process.Terminal', 'grpc.AgentService/CreateContainer.OCI.Process.Terminal', true],
  ['grpc.AgentService/*.Process.Terminal', 'grpc.AgentService/ExecProcess.process.Terminal', true],
  ['grpc.AgentService/*.Process.Terminal', 'grpc.AgentService/ExecProcess.Terminal', false],
  ['grpc.AgentService/*.container_id', 'grpc.Image/PullImage.container_id', false],
] as const)('the reason for %s in suites/unproved.json holds for %s: %s', ([key, muted, holds]) => {
  expect(whyUnproved({ everywhere: { [key]: 'a reason' } }, muted, []) !== undefined).toBe(holds);
});

test.for([
  ['{"nowhere":{}}', 'expected one of everywhere, local, vm, kata, not nowhere'],
  [
    '{"local":{"PauseContainer":"there is a good reason"}}',
    'local: expected package.Service/Method or package.Service/Method.path.to.field, not PauseContainer',
  ],
  [`{"local":{"${PAUSE}":"no"}}`, `local/${PAUSE}: expected a reason in a sentence`],
  ['[]', 'the file: expected an object'],
  ['{', 'JSON'],
])('readUnproved rejects %s', async ([text = '', message]) => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-unproved-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'unproved.json'), text);
  await expect(readUnproved(join(directory, 'unproved.json'))).rejects.toThrow(message);
});
