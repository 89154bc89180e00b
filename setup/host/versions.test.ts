import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CONTAINERD_PROGRAMS } from '../../helpers/containerd/programs.ts';
import { parseVersion, probeVersions } from './versions.ts';

test.for([
  ['containerd', 'containerd github.com/containerd/containerd/v2 v2.3.4 db8809540e1a', '2.3.4'],
  ['runc', 'runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\n', '1.1.5+ds1'],
  ['QEMU', 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\n', '7.2.22'],
  ['CNI plugins', 'CNI bridge plugin v1.4.0\nCNI protocol versions supported: 0.1.0\n', '1.4.0'],
  ['CNI plugins', 'CNI bridge plugin version unknown\nCNI protocol versions supported: 0.1.0\n', 'unknown'],
  ['Kubernetes', 'Kubernetes v1.20.2\n', '1.20.2'],
  ['runc', 'crun version 1.8.1\n', undefined],
] as const)('the version of %s that prints %j is %s', ([program, output, version]) => {
  expect(parseVersion(program, output)).toBe(version);
});

const NO_CLUSTER = { kubernetes: 'no' } as const;

async function containerdThatPrints(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-containerd-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const name of CONTAINERD_PROGRAMS) {
    await writeFile(join(directory, name), `#!/bin/sh\necho '${text}'\n`);
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}

test('the containerd of KATA_CONTAINERD=/path is probed instead of the installed one', async () => {
  const containerd = await containerdThatPrints('containerd github.com/containerd/containerd v1.7.34 fb9028b920');
  const found = await probeVersions({ containerd, target: 'local', ...NO_CLUSTER });
  expect(found.filter(({ program }) => program === 'containerd')).toEqual([
    { program: 'containerd', path: join(containerd, 'containerd'), version: '1.7.34' },
  ]);
});

test('KATA_CONTAINERD=/path with a program that is no containerd is rejected in one line', async () => {
  const containerd = await containerdThatPrints('dockerd version 29');
  await expect(probeVersions({ containerd, target: 'local', ...NO_CLUSTER })).rejects.toThrow(
    `KATA_CONTAINERD=${containerd}: it is not a containerd: --version prints "dockerd version 29"`,
  );
  expect(await probeVersions({ containerd, target: 'vm', ...NO_CLUSTER })).toEqual(
    await probeVersions({ containerd: 'distro', target: 'vm', ...NO_CLUSTER }),
  );
});

test('a containerd that is built later has no version yet', async () => {
  const found = await probeVersions({ containerd: 'source', target: 'local', ...NO_CLUSTER });
  expect(found.map(({ program }) => program)).not.toContain('containerd');
});
