import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mutesOf } from '../../helpers/contract/mute.ts';
import { muteOf } from './mute.ts';

const PAUSE = 'grpc.AgentService/PauseContainer';

/** Resolves a KATA_MUTE that names a file with this content. */
async function resolved(content: string) {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-mute-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'mutes.json');
  await writeFile(file, content);
  return muteOf({ mute: file, protos: undefined, target: 'local' }, { generation: 'skopeo' });
}

test('a file in KATA_MUTE names the methods and fields that the client withholds in each test', async () => {
  const tests = { 'a.spec.ts > one': ['PauseContainer', 'PauseContainer.container_id'], 'a.spec.ts > two': [] };
  const { mute } = await resolved(JSON.stringify({ tests, timeoutsMs: { 'a.spec.ts': 1_000 } }));
  expect(mutesOf(mute, 'a.spec.ts > one').map(({ name }) => name)).toEqual([PAUSE, `${PAUSE}.container_id`]);
  expect(mutesOf(mute, 'a.spec.ts > two')).toEqual([]);
  expect(mutesOf(mute, 'a.spec.ts > three')).toEqual([]);
  expect(mutesOf(mute, undefined)).toEqual([]);
  expect(mute).toMatchObject({ timeoutsMs: { 'a.spec.ts': 1_000 } });
});

test('a method in KATA_MUTE is withheld in every test, and between tests', async () => {
  const { mute } = await muteOf(
    { mute: 'PauseContainer', protos: undefined, target: 'local' },
    { generation: 'skopeo' },
  );
  for (const running of ['a.spec.ts > one', undefined])
    expect(mutesOf(mute, running)).toEqual([{ name: PAUSE, method: PAUSE }]);
});

test('KATA_MUTE names a method or field of the shim’s Task service on targets with a shim alone', async () => {
  const name = 'containerd.task.v2.Task/Kill';
  const config = { mute: 'Task/Kill', protos: undefined };
  const agent = { generation: 'guest-pull' } as const;
  for (const target of ['local', 'kata'] as const)
    expect(await muteOf({ ...config, target }, agent)).toEqual({ mute: { name, method: name } });
  expect(await muteOf({ ...config, mute: 'Kill.exec_id', target: 'local' }, agent)).toMatchObject({
    mute: { name: `${name}.exec_id`, path: [{ names: ['execId'] }] },
  });
  await expect(muteOf({ ...config, target: 'vm' }, agent)).rejects.toThrow(
    'KATA_MUTE=Task/Kill: the agent has no RPC method Task/Kill',
  );
});

test.for([
  ['{', 'JSON'],
  ['{"timeoutsMs":{}}', '/tests: Expected required property'],
  ['{"tests":{"a":["PauseContaner"]},"timeoutsMs":{}}', 'no RPC method PauseContaner; did you mean PauseContainer?'],
] as const)('muteOf rejects the file %s and names it', async ([content, message]) => {
  await expect(resolved(content)).rejects.toThrow(message);
  await expect(resolved(content)).rejects.toThrow(/^KATA_MUTE=\/.*mutes\.json: /);
});

test('muteOf rejects a file in KATA_MUTE that does not exist', async () => {
  const none = muteOf({ mute: '/no/such/file.json', protos: undefined, target: 'local' }, { generation: 'skopeo' });
  await expect(none).rejects.toThrow(/^KATA_MUTE=\/no\/such\/file\.json: ENOENT/);
});
