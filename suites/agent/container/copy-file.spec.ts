import { describe, expect, type Guest, listDirectory, test } from '../../../fixtures/test.ts';

// CopyFile by the files of the guest. agent.spec.ts has a small file in two chunks, its mode and owner, and a path far outside.

const [DIRECTORY, SYMBOLIC_LINK] = [0o040000, 0o120000];
const MIB = 2 ** 20;

const FILE = { fileSize: 6, fileMode: 0o640, dirMode: 0o750, uid: 0, gid: 0, offset: 0, data: Buffer.from('abcdef') };

describe('files of CopyFile', { tags: ['agent-rpc'] }, () => {
  test('CopyFile writes a file of 2.5 MiB in chunks of 1 MiB', async ({ guest, newId, expectedErrors }) => {
    const path = `${expectedErrors.copyBase}/${newId()}/large`;
    // Numbered lines: a chunk at a wrong offset, or one too many, makes the content differ.
    const lines = Array.from({ length: (2.5 * MIB) / '0000000\n'.length }, (_, line) => String(line).padStart(7, '0'));
    const content = Buffer.from(`${lines.join('\n')}\n`);
    for (let offset = 0; offset < content.length; offset += MIB) {
      expect(await statOf(guest, path)).toBe('');
      const data = content.subarray(offset, offset + MIB);
      await guest.agent.copyFile({ ...FILE, path, offset, data, fileSize: content.length });
    }
    const digests = `seq -f %07.0f 0 ${lines.length - 1} | sha256sum; sha256sum <${path}`;
    const [expected, actual] = (await guest.run(['sh', '-c', digests])).stdout.split('\n');
    expect(actual).toBe(expected);
  });

  test('CopyFile with a file size of 0 creates an empty file', async ({ guest, newId, expectedErrors }) => {
    const path = `${expectedErrors.copyBase}/${newId()}/empty`;
    await guest.agent.copyFile({ ...FILE, path, fileSize: 0, data: Buffer.alloc(0) });
    expect((await guest.run(['stat', '-c', '%F %s %a', path])).stdout).toBe('regular empty file 0 640\n');
  });

  test('CopyFile replaces a longer file at the same path', async ({ guest, newId, expectedErrors }) => {
    const path = `${expectedErrors.copyBase}/${newId()}/replaced`;
    await guest.agent.copyFile({ ...FILE, path });
    await guest.agent.copyFile({ ...FILE, path, fileSize: 3, data: Buffer.from('xyz') });
    expect((await guest.run(['cat', path])).stdout).toBe('xyz');
  });

  test('CopyFile to a sibling of its base directory with the same prefix is rejected and creates nothing', async ({
    guest,
    expectedErrors,
  }) => {
    const directory = `${expectedErrors.copyBase}-of-another`;
    const path = `${directory}/file`;
    await expect(guest.agent.copyFile({ ...FILE, path })).rejects.toMatchObject(expectedErrors.notBelowCopyBase(path));
    expect(await listDirectory(guest, directory)).toBeUndefined();
  });
});

describe('directories and symbolic links of CopyFile', { tags: ['agent-rpc', 'copied-directories'] }, () => {
  test('CopyFile creates a directory with its mode and owner, and missing parents with the mode of the request', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const parent = `${expectedErrors.copyBase}/${newId()}`;
    const request = { ...FILE, fileMode: DIRECTORY | 0o2751, dirMode: 0o711, uid: 1234, gid: 5678 };
    await guest.agent.copyFile({ ...request, path: `${parent}/directory`, fileSize: 0, data: Buffer.alloc(0) });
    expect(await statOf(guest, `${parent}/directory`)).toBe('directory 2751 1234 5678');
    expect(await statOf(guest, parent)).toMatch(/^directory 711 /);
  });

  test('CopyFile of a directory that exists keeps its files', async ({ guest, newId, expectedErrors }) => {
    const path = `${expectedErrors.copyBase}/${newId()}`;
    await guest.agent.copyFile({ ...FILE, path: `${path}/kept` });
    await guest.agent.copyFile({ ...FILE, path, fileMode: DIRECTORY | 0o700, fileSize: 0, data: Buffer.alloc(0) });
    expect(await listDirectory(guest, path)).toEqual(['kept']);
  });

  test('CopyFile creates a symbolic link with its target and owner', async ({ guest, newId, expectedErrors }) => {
    const path = `${expectedErrors.copyBase}/${newId()}/link`;
    const link = { ...FILE, path, fileMode: SYMBOLIC_LINK | 0o777, uid: 1234, gid: 5678 };
    await guest.agent.copyFile({ ...link, data: Buffer.from('../target of link') });
    expect((await guest.run(['readlink', path])).stdout).toBe('../target of link\n');
    expect(await statOf(guest, path)).toBe('symbolic link 777 1234 5678');
  });
});

describe('paths of CopyFile that lead outside its base directory', { tags: ['agent-rpc', 'confined-copies'] }, () => {
  test('CopyFile to a path with .. creates nothing outside its base directory', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const { copyBase } = expectedErrors;
    const name = newId();
    await guest.agent.copyFile({ ...FILE, path: `${copyBase}/../${name}/file` }).catch(rejected);
    const outside = await guest.run(['find', '/run', '-path', copyBase, '-prune', '-o', '-name', name, '-print']);
    expect(outside.stdout).toBe('');
  });

  test('CopyFile through a symbolic link to a directory outside its base directory creates nothing there', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const [directory, outside] = [`${expectedErrors.copyBase}/${newId()}`, `/run/kata-cc-${newId()}`];
    await guest.run(['mkdir', outside]);
    const link = { ...FILE, fileMode: SYMBOLIC_LINK, data: Buffer.from(outside) };
    await guest.agent.copyFile({ ...link, path: `${directory}/link` });
    await guest.agent.copyFile({ ...FILE, path: `${directory}/link/file` }).catch(rejected);
    expect(await listDirectory(guest, outside)).toEqual([]);
  });

  test('CopyFile over a symbolic link replaces the link and leaves its target unchanged', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const [path, target] = [`${expectedErrors.copyBase}/${newId()}/link`, `/run/kata-cc-${newId()}`];
    await guest.run(['sh', '-c', `echo unchanged >${target}`]);
    await guest.agent.copyFile({ ...FILE, path, fileMode: SYMBOLIC_LINK, data: Buffer.from(target) });
    await guest.agent.copyFile({ ...FILE, path });
    expect(await statOf(guest, path)).toBe('regular file 640 0 0');
    expect((await guest.run(['cat', path, target])).stdout).toBe('abcdefunchanged\n');
  });
});

/** Type, mode and owner of a file of the guest, not of its target if it is a symbolic link; empty if it does not exist. */
async function statOf(guest: Guest, path: string): Promise<string> {
  const { stdout } = await guest.run(['sh', '-c', `[ ! -e ${path} -a ! -L ${path} ] || stat -c '%F %a %u %g' ${path}`]);
  return stdout.trim();
}

/** Accepts a call's rejection by the agent: whether it rejects the path or stays inside is its own choice. */
function rejected(error: unknown): void {
  expect(error).toMatchObject({ code: 'internal' });
}
