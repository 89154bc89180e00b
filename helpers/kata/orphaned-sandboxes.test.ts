import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fileExists } from '../files.ts';
import { poll } from '../poll.ts';
import { spawnDaemon } from '../process/daemon.ts';
import { run } from '../process/exec.ts';
import { removeOrphanedSandbox, removeOrphanedSandboxes, sandboxIds } from './orphaned-sandboxes.ts';
import { RUNTIME_ON_HOST } from './runtimes.ts';
import { SHARED_DIR } from './sandbox.ts';
import { sandboxResources } from './sandbox-resources.ts';

const SANDBOX_DIR = RUNTIME_ON_HOST.go.sandboxes;

test('removeOrphanedSandbox removes nested mounts and directories of a sandbox without shim and VM', async () => {
  const id = `left-${process.pid}`;
  const shared = `${SHARED_DIR}/${id}`;
  await mkdir(`${shared}/mounts/one`, { recursive: true });
  await run(['mount', '-t', 'tmpfs', 'outer', `${shared}/mounts/one`]);
  await mkdir(`${shared}/mounts/one/inner`);
  await run(['mount', '-t', 'tmpfs', 'inner', `${shared}/mounts/one/inner`]);
  try {
    expect(await sandboxIds()).toContain(id);
    expect(await removeOrphanedSandbox(id)).toBe(true);
    expect(await sandboxIds()).not.toContain(id);
  } finally {
    if (await fileExists(shared)) await run(['umount', '--recursive', `${shared}/mounts/one`], { okCodes: [0, 1, 32] });
  }
});

test.for(['my data', '-rf', 'a\\040b', 'tab\there', 'line\nend'])(
  'removeOrphanedSandbox unmounts and removes a volume called %j',
  async (name) => {
    const id = `odd-${process.pid}`;
    const volume = `${SHARED_DIR}/${id}/mounts/${name}`;
    await mkdir(volume, { recursive: true });
    await run(['mount', '-t', 'tmpfs', 'none', '--', volume]);
    try {
      expect(await removeOrphanedSandbox(id)).toBe(true);
      expect(await sandboxIds()).not.toContain(id);
    } finally {
      if (await fileExists(volume)) await run(['umount', '--', volume], { okCodes: [0, 32] });
      await rm(`${SHARED_DIR}/${id}`, { recursive: true, force: true });
    }
  },
);

test.for([
  ['removes a network namespace with NetNsCreated true (older runtimes)', { NetNsCreated: true }, false],
  ['removes a network namespace with NetworkCreated true (newer runtimes)', { NetworkCreated: true }, false],
  ['keeps a network namespace that the runtime did not create', { NetNsCreated: false }, true],
] as const)('removeOrphanedSandbox %s', async ([, made, stays]) => {
  const id = `network-${process.pid}`;
  const path = `/run/netns/kata-cc-${id}`;
  await run(['ip', 'netns', 'add', `kata-cc-${id}`]);
  try {
    const Network = 'NetNsCreated' in made ? { NetNsPath: path, ...made } : { NetworkID: path, ...made };
    await mkdir(`${SANDBOX_DIR}/${id}`, { recursive: true });
    await writeFile(`${SANDBOX_DIR}/${id}/persist.json`, JSON.stringify({ Network }));
    expect(await removeOrphanedSandbox(id)).toBe(true);
    expect(await fileExists(path)).toBe(stays);
  } finally {
    await rm(`${SANDBOX_DIR}/${id}`, { recursive: true, force: true });
    if (await fileExists(path)) await run(['ip', 'netns', 'delete', `kata-cc-${id}`]);
  }
});

test.for([
  ['removes the network namespace that runtime-rs created', 'cnitest', false],
  ["keeps a pod's network namespace", 'cni', true],
] as const)('removeOrphanedSandbox %s', async ([, prefix, stays]) => {
  const [id, name] = [`network-${process.pid}`, `${prefix}-kata-cc-${process.pid}`];
  const [sandbox, path] = [`${RUNTIME_ON_HOST.rs.sandboxes}/${id}`, `/run/netns/${name}`];
  await run(['ip', 'netns', 'add', name]);
  try {
    await mkdir(sandbox, { recursive: true });
    await writeFile(`${sandbox}/state.json`, JSON.stringify({ sandbox_type: 'x', hypervisor: { netns: path } }));
    expect(await removeOrphanedSandbox(id)).toBe(true);
    expect([await fileExists(sandbox), await fileExists(path)]).toEqual([false, stays]);
  } finally {
    await rm(sandbox, { recursive: true, force: true });
    if (await fileExists(path)) await run(['ip', 'netns', 'delete', name]);
  }
});

test('removeOrphanedSandboxes reports a truncated persist.json and keeps it, and still removes other sandboxes', async () => {
  const [broken, whole] = [`broken-${process.pid}`, `whole-${process.pid}`];
  const file = `${SANDBOX_DIR}/${broken}/persist.json`;
  const mounted = `${SHARED_DIR}/${broken}/mounts`;
  for (const path of [`${SANDBOX_DIR}/${broken}`, `${SANDBOX_DIR}/${whole}`, mounted])
    await mkdir(path, { recursive: true });
  await run(['mount', '-t', 'tmpfs', 'broken', mounted]);
  try {
    await writeFile(file, '{"Network": {"NetNsCreated": tr');
    const { problems, running } = await removeOrphanedSandboxes([broken, whole]);
    expect(problems).toEqual([
      expect.stringMatching(`^sandbox ${broken}: ${file} is truncated .*: remove the namespace by hand`),
    ]);
    expect(running).toEqual([]);
    expect(await sandboxResources(broken)).toMatchObject({ mounts: [], directories: [`${SANDBOX_DIR}/${broken}`] });
    expect(await sandboxIds()).not.toContain(whole);
    await rm(file);
    expect(await removeOrphanedSandboxes([broken])).toEqual({ problems: [], running: [] });
    expect(await sandboxIds()).not.toContain(broken);
  } finally {
    await run(['umount', mounted], { okCodes: [0, 1, 32] });
    for (const parent of [SANDBOX_DIR, SHARED_DIR]) await rm(`${parent}/${broken}`, { recursive: true, force: true });
  }
});

test('removeOrphanedSandbox keeps a sandbox whose shim is running', async () => {
  const id = `alive-${process.pid}`;
  const asShim = 'exec -a containerd-shim-kata-v2 tail -f /dev/null "/$1"';
  await using _shim = await spawnDaemon(['bash', '-c', asShim, 'bash', id], { logFile: '/dev/null' });
  const named = async (): Promise<true | undefined> =>
    (await sandboxResources(id)).shims.length === 1 ? true : undefined;
  await poll('the program with the name of a shim', named, { timeoutMs: 10_000 });
  await mkdir(`${SHARED_DIR}/${id}`, { recursive: true });
  try {
    expect(await removeOrphanedSandbox(id)).toBe(false);
    expect(await fileExists(`${SHARED_DIR}/${id}`)).toBe(true);
  } finally {
    await rmdir(`${SHARED_DIR}/${id}`);
  }
});
