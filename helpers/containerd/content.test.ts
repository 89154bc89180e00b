import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AS_ROOT, type Condition, describeWhere } from '../contract/run-where.ts';
import { KATA_HANDLER, KATA_RUNTIME } from '../kata/names.ts';
import { writeArchive } from '../oci/archive.ts';
import { digestsIn } from '../oci/archived-digests.ts';
import { buildImage } from '../oci/image.ts';
import { buildLayer } from '../oci/layer.ts';
import { poll } from '../poll.ts';
import { run } from '../process/exec.ts';
import { findProgram } from '../process/programs.ts';
import { contentOf, imagesToRemove, parseImages, removeContent } from './content.ts';
import { CTR_NAMESPACE, ctrOf } from './ctr.ts';
import { installedPrograms } from './programs.ts';
import { type Containerd, CRI_NAMESPACE, startContainerd } from './server.ts';

const LISTED = `REF                    TYPE                                       DIGEST    SIZE    PLATFORMS   LABELS
docker.io/ours:latest  application/vnd.oci.image.manifest.v1+json sha256:aa 1.0 KiB linux/amd64 -
sha256:1d              application/vnd.oci.image.manifest.v1+json sha256:aa 1.0 KiB linux/amd64 io.cri-containerd.image=managed
`;
const [OURS, ID] = [
  { name: 'docker.io/ours:latest', digest: 'sha256:aa' },
  { name: 'sha256:1d', digest: 'sha256:aa' },
];
const THEIRS = { name: 'docker.io/theirs:latest', digest: 'sha256:bb' };

test('parseImages reads the name and the digest of each image', () => {
  expect(parseImages(LISTED)).toEqual([OURS, ID]);
  expect(parseImages('REF TYPE DIGEST SIZE PLATFORMS LABELS\n')).toEqual([]);
});

test.for([
  ['all names that were not there before', { images: [THEIRS] }, undefined, [OURS.name, ID.name]],
  ['nothing, if all were there before', { images: [OURS, ID, THEIRS] }, undefined, []],
  [
    'no name that was there, even if it now names another image',
    { images: [{ ...OURS, digest: 'x' }] },
    undefined,
    [ID.name, THEIRS.name],
  ],
  ['of given digests, all names of these', { images: [] }, ['sha256:aa'], [OURS.name, ID.name]],
  [
    'of given digests, a name that named another image before',
    { images: [{ ...OURS, digest: 'x' }] },
    ['sha256:aa'],
    [OURS.name, ID.name],
  ],
  ['of given digests, none that was there before', { images: [OURS, ID] }, ['sha256:aa'], []],
] as const)('imagesToRemove returns %s', ([, before, digests, expected]) => {
  const removal = { before: { exists: true, ...before }, ...(digests === undefined ? {} : { digests }) };
  expect(imagesToRemove([OURS, ID, THEIRS], removal)).toEqual(expected);
});

const HAS_CONTAINERD: Condition =
  AS_ROOT !== true ? AS_ROOT : (await findProgram('containerd')) !== undefined || 'containerd is not installed';

describeWhere(HAS_CONTAINERD)('removeContent, with a real containerd', () => {
  const PROGRAM = '/bin/program';
  const NOTHING = { exists: false, images: [] };
  let directory: string;
  let archive: string;
  let digests: readonly string[];
  let containerd: Containerd;
  let server: { readonly ctr: string; readonly socket: string };
  beforeEach(async () => {
    directory = await mkdtemp(join('/run', 'kata-cc-content-'));
    archive = join(directory, 'images.tar');
    const images = ['one', 'two'].map(async (name) => {
      const layer = await buildLayer([{ path: name, type: 'file', mode: 0o644, content: Buffer.from(name) }]);
      return [`docker.io/library/${name}:latest`, buildImage([layer], { Cmd: [PROGRAM], Env: [] })] as const;
    });
    await writeArchive(archive, new Map(await Promise.all(images)));
    digests = await digestsIn(archive);
    await mkdir(join(directory, 'containerd'));
    const programs = await installedPrograms();
    containerd = await startContainerd({
      dir: join(directory, 'containerd'),
      cgroup: `kata-cc/content-${process.pid}`,
      programs,
      runtimes: [KATA_RUNTIME],
      images: archive,
      cri: { sandboxImage: 'docker.io/library/one:latest', handlers: { [KATA_HANDLER]: KATA_RUNTIME } },
      forwards: [],
    });
    server = { ctr: programs.ctr, socket: containerd.socket };
  });
  afterEach(async () => {
    await containerd[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  const ctr = async (namespace: string, ...args: string[]): Promise<readonly string[]> =>
    (await run([...ctrOf(server, namespace), ...args])).stdout.split('\n').filter(Boolean);
  const namespaces = async (): Promise<readonly string[]> =>
    (await run([server.ctr, '--address', server.socket, 'namespaces', 'list', '--quiet'])).stdout
      .split('\n')
      .filter(Boolean);

  test('a new namespace is removed with its images, layers and snapshots', async () => {
    const content = await ctr(CTR_NAMESPACE, 'content', 'list', '--quiet');
    expect(content).toEqual(expect.arrayContaining([...digests]));
    await removeContent(server, { namespace: CTR_NAMESPACE, before: NOTHING });
    expect(await namespaces()).toEqual([CRI_NAMESPACE]);
    await removeContent(server, { namespace: CTR_NAMESPACE, before: NOTHING });
    expect(await namespaces()).toEqual([CRI_NAMESPACE]);
  });

  test('a new namespace is removed with the layers that a killed import has left', async () => {
    const [client = '', ...args] = [...ctrOf(server, 'killed'), 'images', 'import', '-'];
    const importing = spawn(client, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = once(importing, 'exit');
    // Without the end of the archive, which is all zeros, ctr waits for more.
    const bytes = await readFile(archive);
    importing.stdin.write(
      bytes.subarray(
        0,
        bytes.findLastIndex((byte) => byte !== 0),
      ),
    );
    const some = async (): Promise<true | undefined> =>
      (await ctr('killed', 'content', 'list', '--quiet')).length > 0 || undefined;
    await poll('a layer of the import', some, { timeoutMs: 10_000 });
    importing.kill('SIGKILL');
    await ended;
    await removeContent(server, { namespace: 'killed', before: NOTHING });
    expect(await namespaces()).toEqual([CRI_NAMESPACE, CTR_NAMESPACE]);
  });

  test('of a namespace that was there before, the images of then stay with their layers and snapshots', async () => {
    const [one = '', two = ''] = ['one', 'two'].map((name) => `docker.io/library/${name}:latest`);
    await ctr(CTR_NAMESPACE, 'images', 'remove', '--sync', two);
    const before = await contentOf(server, CTR_NAMESPACE);
    const kept = {
      content: await ctr(CTR_NAMESPACE, 'content', 'list', '--quiet'),
      snapshots: await ctr(CTR_NAMESPACE, 'snapshots', 'list'),
    };
    await containerd.namespaced.run([...ctrOf(server, CTR_NAMESPACE), 'images', 'import', '/run/images.tar']);
    expect(await ctr(CTR_NAMESPACE, 'images', 'list', '--quiet')).toEqual([one, two]);
    await removeContent(server, { namespace: CTR_NAMESPACE, before });
    expect(await contentOf(server, CTR_NAMESPACE)).toEqual(before);
    expect({
      content: await ctr(CTR_NAMESPACE, 'content', 'list', '--quiet'),
      snapshots: await ctr(CTR_NAMESPACE, 'snapshots', 'list'),
    }).toEqual(kept);
  });

  test('images of given digests are removed by all names that CRI has given them; the namespace stays while others use it', async () => {
    const byId = async (): Promise<true | undefined> =>
      (await ctr(CRI_NAMESPACE, 'images', 'list', '--quiet')).filter((name) => name.startsWith('sha256:')).length ===
        2 || undefined;
    await poll('CRI naming both images by their ids', byId, { timeoutMs: 10_000 });
    const [one = '', two = ''] = digests;
    await removeContent(server, { namespace: CRI_NAMESPACE, before: NOTHING, digests: [one] });
    expect((await contentOf(server, CRI_NAMESPACE)).images.map(({ digest }) => digest)).toEqual([two, two]);
    await removeContent(server, { namespace: CRI_NAMESPACE, before: NOTHING, digests: [two] });
    expect(await namespaces()).toEqual([CTR_NAMESPACE]);
  });

  test('a new namespace with a container is kept with everything in it, and the error names the container', async () => {
    await containerd.namespaced.run([
      ...ctrOf(server, CTR_NAMESPACE),
      ...['containers', 'create', 'docker.io/library/one:latest', 'theirs', PROGRAM],
    ]);
    const before = await contentOf(server, CTR_NAMESPACE);
    const removing = removeContent(server, { namespace: CTR_NAMESPACE, before: NOTHING });
    await expect(removing).rejects.toThrow(
      'namespace kata-cc of containerd has containers (theirs): remove them first',
    );
    expect(await contentOf(server, CTR_NAMESPACE)).toEqual(before);
    await ctr(CTR_NAMESPACE, 'containers', 'delete', 'theirs');
    await removeContent(server, { namespace: CTR_NAMESPACE, before: NOTHING });
    expect(await namespaces()).toEqual([CRI_NAMESPACE]);
  });
});
