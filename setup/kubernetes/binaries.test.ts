import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { pauseImageOf } from './binaries.ts';

test('pauseImageOf finds the pause image in the archives of a bundle by its name', async () => {
  const bundle = await mkdtemp(join(tmpdir(), 'kata-cc-bundle-'));
  const archive = async (name: string, file: string, content: string): Promise<void> => {
    await writeFile(join(bundle, file), content);
    await run(['tar', '--create', '--file', `images/${name}.tar`, file], { cwd: bundle });
  };
  try {
    expect(await pauseImageOf(bundle)).toBeUndefined();
    await mkdir(join(bundle, 'images'));
    await archive('a-oci', 'index.json', '{}');
    await archive('b-etcd', 'manifest.json', '[{"RepoTags":["k8s.gcr.io/etcd:3.4"]},{"RepoTags":null}]');
    expect(await pauseImageOf(bundle)).toBeUndefined();
    await archive('c-pause', 'manifest.json', '[{"RepoTags":["k8s.gcr.io/pause:3.2"]}]');
    expect(await pauseImageOf(bundle)).toBe('k8s.gcr.io/pause:3.2');
  } finally {
    await rm(bundle, { recursive: true });
  }
});
