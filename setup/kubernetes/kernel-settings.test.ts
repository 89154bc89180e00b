import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { Installation } from '../installation/installation.ts';
import { assignments, keepKernelSettings } from './kernel-settings.ts';

test('assignments turns the output of sysctl into what sysctl writes', () => {
  expect(assignments('net.ipv4.ip_forward = 0\nkernel.panic = 10\n')).toEqual([
    'net.ipv4.ip_forward=0',
    'kernel.panic=10',
  ]);
});

test('undo after keepKernelSettings writes the values that the kernel had', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-settings-'));
  try {
    const now = (await run(['sysctl', '--values', 'net.ipv4.ip_forward'])).stdout.trim();
    const installation = new Installation(directory);
    await keepKernelSettings(installation);
    const [undone, ...others] = await installation.undo();
    expect(undone).toMatch(/sysctl --ignore --write /);
    expect(undone).toContain(` net.ipv4.ip_forward=${now} `);
    expect(others).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
