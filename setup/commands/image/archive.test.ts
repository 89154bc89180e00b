import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../../helpers/process/exec.ts';
import { writeSuiteArchive } from './archive.ts';
import { SUITE_IMAGE } from './contents.ts';

async function directoryWithLayer(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-archive-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'file'), 'content');
  await run(['tar', '--mtime=@0', '--create', '--file=layer.tar', 'file'], { cwd: directory });
  return directory;
}

test('equal layers give an image with an equal digest, under the name in the archive', async () => {
  const written = await Promise.all(
    [await directoryWithLayer(), await directoryWithLayer()].map(async (directory) => {
      const file = join(directory, 'suite.tar');
      const content = { name: SUITE_IMAGE, layers: [join(directory, 'layer.tar')] };
      return { file, digest: await writeSuiteArchive(file, content) };
    }),
  );
  const [one, other] = written;
  expect(one?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(other?.digest).toBe(one?.digest);
  const { stdout } = await run(['tar', '--extract', '--to-stdout', '--file', one?.file ?? '', 'index.json']);
  expect(stdout).toContain(`"org.opencontainers.image.ref.name":"${SUITE_IMAGE}"`);
});

test('the image has a command, a working directory and the settings of target local', async () => {
  const directory = await directoryWithLayer();
  const file = join(directory, 'suite.tar');
  await writeSuiteArchive(file, { name: SUITE_IMAGE, layers: [join(directory, 'layer.tar')] });
  const { stdout } = await run(['skopeo', 'inspect', '--config', `oci-archive:${file}:${SUITE_IMAGE}`]);
  expect(JSON.parse(stdout)).toMatchObject({
    created: '1970-01-01T00:00:00Z',
    config: {
      Cmd: ['pnpm', 'test'],
      WorkingDir: '/suite',
      Env: expect.arrayContaining(['KATA_TARGET=local', 'KATA_AGENT=stand-in']),
    },
  });
});
