import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import type { KataSource, ResolvedConfig } from '../../config/resolved.ts';
import { withTarget } from '../../config/validated.ts';
import { exampleHost } from '../../host/example-host.ts';
import { plan } from '../../plan.ts';

const SOURCE: KataSource = {
  name: 'Kata',
  snapshot: {
    repository: { kind: 'remote', url: 'https://kata.example/kata' },
    revision: 'main',
    id: '0'.repeat(40),
    uncommitted: 0,
  },
  cargo: { path: '/cargo', version: '1', env: {} },
};

test("every artefact built from Kata's source or by its scripts has a digest of them as input", async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'kata-cc-inputs-'));
  onTestFinished(() => rm(cacheDir, { recursive: true }));
  const built = {
    KATA_CONTAINERD: 'source',
    KATA_KERNEL: 'source',
    KATA_QEMU: 'source',
    KATA_CDH: 'source',
    KATA_PULL: 'nydus',
    KATA_AGENT_CTL: 'source',
  };
  const config: ResolvedConfig = {
    ...withTarget(
      'kata',
      loadConfig({
        ...built,
        KATA_GENPOLICY: 'source',
        KATA_GUEST_COMPONENTS: 'source',
        KATA_ROOTFS: 'osbuilder',
        KATA_CACHE_DIR: cacheDir,
      }),
    ),
    agent: 'source',
    source: SOURCE,
    cdhBuild: { cargo: SOURCE.cargo, packaging: SOURCE },
    containerdBuild: {
      go: { path: '/go', version: '1.26.8', env: {} },
      ...{ packaging: SOURCE, declared: 'latest', repository: 'github.com/containerd/containerd' },
    },
    guestComponentsBuild: { cargo: SOURCE.cargo, packaging: SOURCE },
    kernelBuild: { packaging: SOURCE },
    nydusBuild: { go: { path: '/go', version: '1.26.8', env: {} }, packaging: SOURCE, repository: 'nydus' },
    qemuBuild: { packaging: SOURCE },
  };
  const runtimes = (['go', 'rs'] as const).flatMap((builtRuntime) => plan({ ...config, builtRuntime }));
  const digests = [...new Set(runtimes)].flatMap((step) => {
    if (step.kind === 'service') return [];
    const found = Object.entries(step.inputs(config, exampleHost()).digests ?? {});
    return found.map(async ([name, digest]) => `${step.id}: ${name} ${await digest()}`);
  });
  expect((await Promise.all(digests)).sort()).toEqual([
    'agent-ctl: source not fetched yet',
    'cdh: packaging not fetched yet',
    'containerd-programs: packaging not fetched yet',
    'genpolicy: source not fetched yet',
    'guest-components: packaging not fetched yet',
    'kata-agent: source not fetched yet',
    'kata-bundle: versions not fetched yet',
    'kata-qemu: packaging not fetched yet',
    'kata-runtime-rs: source not fetched yet',
    'kata-runtime: source not fetched yet',
    'kernel: packaging not fetched yet',
    'nydus-snapshotter: packaging not fetched yet',
    'rootfs: source not fetched yet',
  ]);
});
