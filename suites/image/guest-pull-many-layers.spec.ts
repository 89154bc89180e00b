import {
  CONTAINER_BASE,
  describe,
  expect,
  expectedStoragePull,
  failedStoragePull,
  type Guest,
  IMAGE_STORE,
  type LayerEntry,
  makeImage,
  type PullFailure,
  programEntries,
  test,
} from '../../fixtures/test.ts';

const tags = ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images', 'debug-console'] as const;

/** Bytes of mount options, with the zero at their end, that the kernel takes; it cuts off the rest. Source: copy_mount_options() of Linux. */
const PAGE = 4_096;

/** Options with which image-rs mounts an image of so many layers in a guest without others. Source: image-rs/src/snapshots/overlay.rs. */
function mountOptions(layers: number): string {
  const paths = Array.from({ length: layers }, (_, index) => `${IMAGE_STORE}/layers/${index}`);
  const directory = `${IMAGE_STORE}/overlay/${'0'.repeat(64)}`;
  return `lowerdir=${paths.join(':')},upperdir=${directory}/upperdir,workdir=${directory}/workdir`;
}

/** The most layers whose mount options fit. */
function mostLayers(): number {
  let layers = 1;
  while (mountOptions(layers + 1).length < PAGE) layers += 1;
  return layers;
}

const MOST = mostLayers();

/** Layers above the lowest, each with a file of its own. The highest has the program too, so that a container needs no other layer. */
function layersAbove(layers: number): readonly (readonly LayerEntry[])[] {
  const file = (index: number): LayerEntry => ({
    ...{ path: `files/${index}`, type: 'file', mode: 0o644, content: Buffer.from(String(index)) },
  });
  const files = Array.from({ length: layers - 1 }, (_, index) => file(index));
  return files.map((entry, index) => (index === files.length - 1 ? [...programEntries(), entry] : [entry]));
}

/** How many layers' files a container has. */
async function filesOf(guest: Guest, containerId: string): Promise<number> {
  const { stdout } = await guest.run(['sh', '-c', `ls ${CONTAINER_BASE}/${containerId}/rootfs/files | wc -l`]);
  return Number(stdout);
}

/** image-rs's error for mount options of which the kernel drops the end, if what is left names directories that do not exist. */
const NOT_MOUNTED: PullFailure = {
  error: /Failed to create bundle$/,
  cause: /failed to mount \\?"overlay\\?" to \S+, with error: ENOENT/,
  bundle: ['rootfs'],
};

describe('image_guest_pull of an image with many layers', { tags: [...tags] }, () => {
  test(`CreateContainer with image_guest_pull is accepted for an image of ${MOST} layers`, async ({
    launchWithFaultyRegistry,
    createFromImage,
  }) => {
    const { guest, serve } = await launchWithFaultyRegistry({ policy: null });
    const outcome = await createFromImage(guest, serve(await makeImage(layersAbove(MOST))));
    expect(outcome).toMatchObject(expectedStoragePull());
    expect(await filesOf(guest, outcome.containerId)).toBe(MOST - 1);
  });

  test.for([MOST + 1, 130])(
    'CreateContainer with image_guest_pull fails for an image of %i layers, whose mount options are longer than a page',
    async (layers, { launchWithFaultyRegistry, createFromImage }) => {
      const { guest, serve } = await launchWithFaultyRegistry({ policy: null });
      const outcome = await createFromImage(guest, serve(await makeImage(layersAbove(layers))));
      expect(outcome).toMatchObject(failedStoragePull(NOT_MOUNTED));
    },
  );
});

// What the kernel keeps of these mount options is valid: a read-only root without upper directory, and with other lower ones.
describe('image_guest_pull of an image of whose mount options the kernel keeps a valid part', {
  tags: [...tags],
}, () => {
  test.for([
    [152, 'mount the root directory of the guest as the lowest'],
    [154, 'leave out the lowest 45'],
  ] as const)(
    'CreateContainer with image_guest_pull fails for an image of %i layers rather than %s',
    async ([layers], { launchWithFaultyRegistry, createFromImage }) => {
      const { guest, serve } = await launchWithFaultyRegistry({ policy: null });
      const outcome = await createFromImage(guest, serve(await makeImage(layersAbove(layers))));
      expect(outcome).toMatchObject({ status: 'internal', bundle: ['rootfs'] });
    },
  );
});
