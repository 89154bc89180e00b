import { describe, expect, imageContains, test } from '../../fixtures/test.ts';

// emptyDirs on disks of their own, as in upstream's k8s-trusted-ephemeral-data-storage.bats: Kata's runtime makes a disk of the volume's
// directory, of which the host can read every byte.
const tags = [
  'kata-shim',
  'cri',
  'guest-pull-storage',
  'guest-console',
  'debug-console',
  'unsigned-images',
  'created-filesystem-storage',
  'ephemeral-disk-encryption',
] as const;

const MARKER = 'text of an emptyDir that the host may read or not';
const WRITE = `echo '${MARKER}' >/data/text && sync && grep ' /data ' /proc/mounts`;

describe('emptyDirs of pods on disks', { tags: [...tags] }, () => {
  test('containers of a pod share an emptyDir on an encrypted disk, of whose files the host sees nothing, and which is removed with the pod', async ({
    launch,
    makeEmptyDir,
    runPodScript,
  }) => {
    const emptyDir = await makeEmptyDir();
    const guest = await launch({ startedBy: 'cri' });
    const { output } = await runPodScript(guest, WRITE, { emptyDir });
    expect(output).toMatch(/^\/dev\/mapper\/\S+ \/data ext4 rw,/);
    expect((await runPodScript(guest, 'cat /data/text', { emptyDir })).output).toBe(`${MARKER}\n`);
    expect(await imageContains(emptyDir.disk, MARKER)).toBe(false);
    await guest[Symbol.asyncDispose]();
    await expect(imageContains(emptyDir.disk, MARKER)).rejects.toThrow('No such file');
  });

  test('a file in an emptyDir on a disk that is not encrypted is visible to the host', async ({
    launch,
    makeEmptyDir,
  }) => {
    const emptyDir = await makeEmptyDir();
    const guest = await launch({ startedBy: 'ctr', plainEmptyDir: emptyDir.path });
    const { stdout: mounts } = await guest.run(['grep', ' ext4 rw', '/proc/mounts']);
    const [, device, at] = /^(\S+) (\S+)/.exec(mounts) ?? [];
    expect(device).toMatch(/^\/dev\/[sv]d/);
    await guest.run(['sh', '-c', `echo '${MARKER}' >${at}/text && sync`]);
    expect(await imageContains(emptyDir.disk, MARKER)).toBe(true);
  });
});
