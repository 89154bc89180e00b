import {
  CONTAINER_BASE,
  describe,
  ESCAPED,
  expect,
  expectedStoragePull,
  failedStoragePull,
  type Guest,
  type LayerEntry,
  makeImage,
  type PullFailure,
  test,
} from '../../fixtures/test.ts';

/** A file of the guest that images try to change. */
const VICTIM = '/run/kata-cc-victim';

const file = (path: string): LayerEntry => ({
  ...{ path, type: 'file', mode: 0o644, content: Buffer.from('outside') },
});
const symlink = (path: string, to: string): LayerEntry => ({ path, type: 'symlink', to });
const hardLink = (path: string, to: string): LayerEntry => ({ path, type: 'hard link', to });

/**
 * What images could change outside their layers and root file systems: files with the names that images use, wherever they
 * are, the directories to which their links lead, and the inode and the content of the guest's own file.
 */
async function outsideOf(guest: Guest): Promise<string> {
  const named = `find / /run /tmp -xdev \\( -name '${ESCAPED}*' -o -name 'kata-cc-victim*' \\) -not -path '*/image/layers/*/*' -not -path '*/rootfs/*' -not -path '*/upperdir/*'`;
  const inodes = `stat -c '%n %a %u:%g' / /run /tmp; stat -c '%i %a %u:%g %h %s %Y %Z' ${VICTIM}; cat ${VICTIM}`;
  return (await guest.run(['sh', '-c', `${named} | sort; ls -A / /tmp; ${inodes}`])).stdout;
}

const unpackFails = (cause: RegExp, step = 'Failed to unpack layer to destination'): PullFailure => ({
  error: new RegExp(`Failed to decode layer data stream: Failed to unpack layer: ${step}`),
  cause,
});
const OUTSIDE = /trying to unpack outside of destination path/;

const ESCAPES = Object.entries<{ readonly entries: readonly LayerEntry[]; readonly failure?: PullFailure }>({
  'a file at ..': { entries: [file(`../../${ESCAPED}`)], failure: unpackFails(/pathrs/i, 'pathrs error') },
  'a file at .. below a directory': {
    entries: [file(`t/../../${ESCAPED}`)],
    failure: unpackFails(/pathrs/i, 'pathrs error'),
  },
  'a file at an absolute path': {
    entries: [file(`/${ESCAPED}`)],
    failure: unpackFails(/SetMTimeFailed/, 'Failed to set file mtime'),
  },
  'a file below a symbolic link to an absolute path': {
    entries: [symlink('t', '/run'), file(`t/${ESCAPED}`)],
    failure: unpackFails(OUTSIDE),
  },
  'a file below a symbolic link to ..': {
    entries: [symlink('t', '../..'), file(`t/${ESCAPED}`)],
    failure: unpackFails(OUTSIDE),
  },
  'a file in the place of a symbolic link': { entries: [symlink('t', VICTIM), file('t')] },
  'a directory in the place of a symbolic link': {
    entries: [symlink('t', '/run'), { path: 't', type: 'directory', mode: 0o700 }],
    failure: unpackFails(/when creating dir/),
  },
  'a hard link to a file at an absolute path': { entries: [hardLink('t', VICTIM)], failure: unpackFails(/./) },
  'a hard link to a file at ..': {
    entries: [hardLink('t', `../../../../..${VICTIM}`)],
    failure: unpackFails(/./),
  },
  'a hard link to a file by a symbolic link, and a file in its place': {
    entries: [symlink('t', '/run'), hardLink('link', `t${VICTIM.slice(4)}`), file('link')],
    failure: unpackFails(/./),
  },
  'a whiteout at ..': { entries: [file(`../../.wh.${ESCAPED}`)] },
  'a whiteout below a symbolic link to an absolute path': {
    entries: [symlink('t', '/run'), file('t/.wh.kata-cc-victim')],
    failure: unpackFails(/./, 'Convert whiteout'),
  },
  'a device node below a symbolic link to an absolute path': {
    entries: [
      symlink('t', '/run'),
      { path: `t/${ESCAPED}`, type: 'character-device', mode: 0o666, major: 1, minor: 3 },
    ],
    failure: unpackFails(OUTSIDE),
  },
});

const makeVictim = ['sh', '-c', `rm -f ${VICTIM}; echo victim >${VICTIM}`];

describe('images whose layers lead out of their root file system', {
  tags: ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  test.for(ESCAPES)(
    'CreateContainer with image_guest_pull of an image with %s changes nothing in the guest outside the image',
    async ([, { entries, failure }], { faultyRegistry: { guest, serve }, createFromImage }) => {
      await guest.run(makeVictim);
      const before = await outsideOf(guest);
      const outcome = await createFromImage(guest, serve(await makeImage([entries])));
      expect(await outsideOf(guest)).toBe(before);
      expect(outcome).toMatchObject(failure === undefined ? expectedStoragePull() : failedStoragePull(failure));
    },
  );

  test('CreateContainer with image_guest_pull of an image with a file below a symbolic link within the image succeeds', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const directory = { path: 'directory', type: 'directory', mode: 0o755 } as const;
    const image = await makeImage([[directory, symlink('t', 'directory'), file('t/file')]]);
    const { containerId, ...outcome } = await createFromImage(guest, serve(image));
    expect(outcome).toMatchObject(expectedStoragePull());
    expect((await guest.run(['cat', `${CONTAINER_BASE}/${containerId}/rootfs/directory/file`])).stdout).toBe('outside');
  });

  // image-rs joins its layer's directory with the path of the entry, and an absolute path replaces the directory.
  test('CreateContainer with image_guest_pull of an image with the absolute path of a file of the guest sets the modification time of that file', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    await guest.run(makeVictim);
    expect(await createFromImage(guest, serve(await makeImage([[file(VICTIM)]])))).toMatchObject(expectedStoragePull());
    const { stdout } = await guest.run(['sh', '-c', `cat ${VICTIM}; stat -c %Y ${VICTIM}`]);
    expect(stdout).toBe('victim\n0\n');
  });
});
