import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSaved, forgetSaved, listSaved, noteSaved, type Saved, savedName } from './saved.ts';

let directory: string;
let disk: string;
let node: Saved;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-saved-'));
  disk = join(directory, 'disk.qcow2');
  const hardware = { accelerator: 'tcg', cpus: 1, memoryMib: 4_096, image: directory, debian: '13' } as const;
  node = { name: 'node', at: '2026-11-01T00:00:00.000Z', hardware };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("listSaved returns the dev VM's snapshots with their hardware, newest first", async () => {
  const later = { ...node, name: 'pods', at: '2026-11-02T00:00:00.000Z' };
  for (const saved of [node, later]) await noteSaved(disk, saved);
  expect(await listSaved(disk)).toEqual([later, node]);
  expect(await findSaved(disk, 'node')).toEqual(node);
});

test('findSaved of an unknown dev VM snapshot fails and lists the existing ones', async () => {
  await expect(findSaved(disk, 'nod')).rejects.toThrow('no snapshot "nod" of a dev VM; existing: none');
  await noteSaved(disk, node);
  await expect(findSaved(disk, 'nod')).rejects.toThrow('no snapshot "nod" of a dev VM; existing: node');
  await forgetSaved(disk, 'node');
  expect(await listSaved(disk)).toEqual([]);
});

test('findSaved rejects a dev VM snapshot whose image no longer exists', async () => {
  const image = join(directory, 'gone');
  await noteSaved(disk, { ...node, hardware: { ...node.hardware, image } });
  await expect(findSaved(disk, 'node')).rejects.toThrow(`whose image no longer exists: ${image}`);
});

test.each(['', 'Node', '../node', '1st', 'a b'])('savedName rejects the dev VM snapshot name %j', (given) => {
  expect(() => savedName(given)).toThrow(`"${given}" is not a valid snapshot name: expected a lower-case letter`);
});
