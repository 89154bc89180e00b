import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Installation } from '../installation/installation.ts';
import { installPackages, newPackages } from './package-repository.ts';

test('newPackages lists new packages, without upgraded and only configured ones', () => {
  const simulated = [
    'NOTE: This is only a simulation!',
    'Inst conntrack (1:1.4.7-1 Debian:12.0/oldstable [amd64])',
    'Inst iptables [1.8.9-1] (1.8.9-2 Debian:12.0/oldstable [amd64])',
    'Inst kubelet (1.35.4-1.1 isv:kubernetes:core:stable:v1.35:pkgs.k8s.io [amd64])',
    'Conf conntrack (1:1.4.7-1 Debian:12.0/oldstable [amd64])',
  ];
  expect(newPackages(simulated.join('\n'))).toEqual(['conntrack', 'kubelet']);
});

test('installPackages names an unusable repository and the alternatives, and leaves no files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-kubernetes-'));
  const server = createServer((_, response) => response.writeHead(404).end('nothing here'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const repository = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/deb/`;
  try {
    const installing = installPackages(new Installation(directory), { repository, env: {}, say: () => {} });
    await expect(installing).rejects.toThrow(`Kubernetes cannot be installed from ${repository}: `);
    await expect(installing).rejects.toThrow(/Failed to fetch \S+\/deb\/Release\.key +404 +Not Found/);
    await expect(installing).rejects.toThrow('\nSet KATA_KUBERNETES_REPOSITORY to another repository');
    expect(await readdir(directory)).toEqual([]);
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
});
