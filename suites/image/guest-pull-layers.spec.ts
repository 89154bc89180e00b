import {
  buildLayer,
  CONTAINER_BASE,
  describe,
  expect,
  expectedStoragePull,
  type Guest,
  imageOf,
  type LayerEntry,
  makeImage,
  test,
} from '../../fixtures/test.ts';

const file = (path: string, content = '', mode = 0o644): LayerEntry => ({
  ...{ path, type: 'file', mode, content: Buffer.from(content) },
});
const directory = (path: string, mode = 0o755): LayerEntry => ({ path, type: 'directory', mode });

/** Runs a command of the guest in a container's root file system, and returns its output. */
async function inRoot(guest: Guest, containerId: string, command: string): Promise<string> {
  const { stdout } = await guest.run(['sh', '-c', `cd ${CONTAINER_BASE}/${containerId}/rootfs && ${command}`]);
  return stdout.trim();
}

/** Layers of an image above its lowest, and commands with their output in the root file system. */
interface LayersRow {
  readonly layers: readonly (readonly LayerEntry[])[];
  readonly shows: Readonly<Record<string, string>>;
}

const LONG = 'n'.repeat(255);
const DEEP = Array.from({ length: 12 }, (_, depth) => `${depth}`.padStart(40, 'd')).join('/');

const LAYERS = Object.entries<LayersRow>({
  'a whiteout of a file removes the file of a lower layer and no other': {
    layers: [[file('t/gone'), file('t/kept')], [file('t/.wh.gone')]],
    shows: { 'ls -A t': 'kept' },
  },
  'a whiteout of a directory removes the directory with its files': {
    layers: [[file('t/gone/file'), file('t/kept')], [file('t/.wh.gone')]],
    shows: { 'ls -A t': 'kept' },
  },
  'a whiteout does not apply to a file of a higher layer': {
    layers: [[file('t/name', 'lower')], [file('t/.wh.name')], [file('t/name', 'higher')]],
    shows: { 'cat t/name': 'higher' },
  },
  'a file replaces the file of a lower layer': {
    layers: [[file('t/name', 'lower', 0o600)], [file('t/name', 'higher', 0o640)]],
    shows: { 'cat t/name': 'higher', 'stat -c %a t/name': '640' },
  },
  'a directory replaces the file of a lower layer, and a file a directory': {
    layers: [
      [file('t/file'), file('t/directory/below')],
      [file('t/file/below', 'b'), file('t/directory', 'd')],
    ],
    shows: { 'cat t/file/below t/directory': 'bd' },
  },
  'a directory of two layers has the files of both, and the mode of the higher': {
    layers: [
      [directory('t/both', 0o700), file('t/both/lower')],
      [directory('t/both', 0o711), file('t/both/higher')],
    ],
    shows: { 'ls -A t/both': 'higher\nlower', 'stat -c %a t/both': '711' },
  },
  'a hard link is the same file as its target': {
    layers: [[file('t/file', 'content'), { path: 't/link', type: 'hard link', to: 't/file' }]],
    shows: { 'cat t/link': 'content', 'stat -c %h t/file': '2', '[ t/file -ef t/link ] && echo same': 'same' },
  },
  'a hard link to an absolute path is a link to the file in the image': {
    layers: [[file('t/file', 'content'), { path: 't/link', type: 'hard link', to: '/t/file' }]],
    shows: { '[ t/file -ef t/link ] && echo same': 'same' },
  },
  'setuid, setgid and sticky bits are preserved, also for other owners': {
    layers: [
      [
        file('t/setuid', '', 0o4755),
        { ...file('t/setgid', '', 0o2755), uid: 1000, gid: 2000 },
        directory('t/sticky', 0o1777),
        directory('t/inherits', 0o2775),
      ],
    ],
    shows: {
      "stat -c '%a %u:%g' t/setuid t/setgid t/sticky t/inherits": '4755 0:0\n2755 1000:2000\n1777 0:0\n2775 0:0',
    },
  },
  'owners, modes and modification times are preserved': {
    layers: [
      [
        { ...directory('t/directory', 0o710), uid: 70_000, gid: 80_000 },
        { ...file('t/file', '', 0o604), uid: 1, gid: 2 },
        { path: 't/symlink', type: 'symlink', to: 'file', uid: 3, gid: 4 },
      ],
    ],
    shows: {
      "stat -c '%a %u:%g %Y' t/directory t/file t/symlink": '710 70000:80000 0\n604 1:2 0\n777 3:4 0',
    },
  },
  'the last of two entries with the same path counts': {
    layers: [[file('t/name', 'first', 0o600), file('t/other'), file('t/name', 'last', 0o644)]],
    shows: { 'cat t/name': 'last', 'stat -c %a t/name': '644' },
  },
  'symbolic links keep their targets, absolute, leading out of the image, or missing': {
    layers: [
      [
        { path: 't/relative', type: 'symlink', to: 'missing' },
        { path: 't/absolute', type: 'symlink', to: '/etc/shadow' },
        { path: 't/above', type: 'symlink', to: '../../../../etc' },
      ],
    ],
    shows: { 'readlink t/relative t/absolute t/above': 'missing\n/etc/shadow\n../../../../etc' },
  },
  // image-rs makes a regular file of each special file.
  'device nodes and fifos become empty files with the modes of their entries': {
    layers: [
      [
        { path: 't/null', type: 'character-device', mode: 0o666, major: 1, minor: 3 },
        { path: 't/loop', type: 'block-device', mode: 0o660, major: 7, minor: 0 },
        { path: 't/fifo', type: 'fifo', mode: 0o622 },
      ],
    ],
    shows: {
      "stat -c '%F %t:%T %a' t/null t/loop t/fifo":
        'regular empty file 0:0 666\nregular empty file 0:0 660\nregular empty file 0:0 622',
    },
  },
  'a name of 255 bytes, a path and a link target of more than 256, and names in UTF-8 are preserved': {
    layers: [
      [
        file(`t/${LONG}`),
        file(`t/${DEEP}/file`, 'deep'),
        { path: 't/link', type: 'symlink', to: DEEP },
        file('t/naïve ☃'),
      ],
    ],
    shows: {
      [`cat t/${DEEP}/file`]: 'deep',
      'cat t/link/file': 'deep',
      [`[ -f t/${LONG} ] && [ -f 't/naïve ☃' ] && echo both`]: 'both',
    },
  },
  'directories without an entry of their own are created': {
    layers: [[file('t/parent/child/file', 'content')]],
    shows: { 'cat t/parent/child/file': 'content', "stat -c '%a %u:%g' t/parent": '755 0:0' },
  },
  'layers without entries change nothing': {
    layers: [[], [file('t/file', 'content')], []],
    shows: { 'ls -A t': 'file' },
  },
});

describe('layers of an image that the CDH unpacks', {
  tags: ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  test.for(LAYERS)(
    'CreateContainer with image_guest_pull: %s',
    async ([, { layers, shows }], { faultyRegistry: { guest, serve }, createFromImage }) => {
      const { containerId, ...outcome } = await createFromImage(guest, serve(await makeImage(layers)));
      expect(outcome).toMatchObject(expectedStoragePull());
      for (const [command, output] of Object.entries(shows))
        expect(await inRoot(guest, containerId, command), command).toBe(output);
    },
  );

  test.for(['gzip', 'zstd', 'none'] as const)(
    'CreateContainer with image_guest_pull unpacks layers of compression %s',
    async (compression, { faultyRegistry: { guest, serve }, createFromImage }) => {
      const image = await makeImage([[file('t/file', compression)], [file('t/second')]], compression);
      const { containerId, ...outcome } = await createFromImage(guest, serve(image));
      expect(outcome).toMatchObject(expectedStoragePull());
      expect(await inRoot(guest, containerId, 'cat t/file')).toBe(compression);
    },
  );

  test('CreateContainer with image_guest_pull mounts the layers of an image with 100 layers in their order', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const layers = Array.from({ length: 99 }, (_, index) => [file(`t/${index}`), file('t/last', `${index}`)]);
    const { containerId, ...outcome } = await createFromImage(guest, serve(await makeImage(layers)));
    expect(outcome).toMatchObject(expectedStoragePull());
    expect(await inRoot(guest, containerId, 'cat t/last; echo; ls t | wc -l')).toBe('98\n100');
  });

  // image-rs mounts a layer that occurs twice only once, at its lowest place; by the OCI image specification, the content is "first".
  test('CreateContainer with image_guest_pull applies a layer that occurs twice only at its lowest place', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const first = await buildLayer([file('t/name', 'first')]);
    const second = await buildLayer([file('t/name', 'second')]);
    const { containerId, ...outcome } = await createFromImage(guest, serve(await imageOf([first, second, first])));
    expect(outcome).toMatchObject(expectedStoragePull());
    expect(await inRoot(guest, containerId, 'cat t/name')).toBe('second');
  });
});
