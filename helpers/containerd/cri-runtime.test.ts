import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CriConfig, cgroupDriver, criReady } from './cri-runtime.ts';

const RUNC = 'io.containerd.runc.v2';

/** containerd's configuration with the given runtime handlers; `runc` is the default handler. */
const config = (runtimes: CriConfig['containerd']['runtimes']): CriConfig => ({
  containerd: { defaultRuntimeName: 'runc', runtimes },
  cni: { confDir: '/etc/cni/net.d' },
});

test.for([
  ['SystemdCgroup = true', 'systemd', { runc: { runtimeType: RUNC, options: { SystemdCgroup: true } } }],
  ['SystemdCgroup = false', 'cgroupfs', { runc: { runtimeType: RUNC, options: { SystemdCgroup: false } } }],
  ['no options', 'cgroupfs', { runc: { runtimeType: RUNC, options: null } }],
  [
    'the default handler before others',
    'systemd',
    {
      crun: { runtimeType: RUNC, options: { SystemdCgroup: false } },
      runc: { runtimeType: RUNC, options: { SystemdCgroup: true } },
    },
  ],
  [
    'a default handler that is not runc',
    'systemd',
    {
      runc: { runtimeType: 'io.containerd.kata.v2', options: {} },
      crun: { runtimeType: RUNC, options: { SystemdCgroup: true } },
    },
  ],
] as const)('cgroupDriver for containerd with %s is %s', ([, driver, runtimes]) => {
  expect(cgroupDriver(config(runtimes))).toBe(driver);
});

test('criReady rejects with the path of a socket on which nothing listens, and ends when its signal aborts', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-cri-'));
  try {
    const socket = join(directory, 'no.sock');
    await expect(criReady(socket, { timeoutMs: 300 })).rejects.toThrow(`CRI answering on ${socket} did not happen`);
    await expect(criReady(socket, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
