import {
  describe,
  expect,
  expectedStoragePull,
  failedStoragePull,
  layerStore,
  makeRandomImage,
  type PullFailure,
  RESETTING_RELAY,
  type RegistryFault,
  startResettingRelay,
  test,
  withCdhConfig,
} from '../../fixtures/test.ts';

/** Of ECONNRESET, as Rust prints it. FIN in place of RST has other errors: see registry-cdh.spec.ts. */
const RESET = /code: 104,\s*kind: ConnectionReset/;

const FAULTS = Object.entries({
  'within a layer': [
    { kind: 'cut', afterBytes: 100_000 },
    {
      error: /Failed to decode layer data stream: Failed to unpack layer: Failed to unpack layer to destination$/,
      cause: RESET,
    },
    ['GET layer'],
  ],
  'after each request': [
    { kind: 'down' },
    {
      error: /failed to pull image manifest: error sending request for url \(http:\S+\/manifests\/latest\)$/,
      cause: RESET,
    },
    [],
  ],
} satisfies Record<string, readonly [RegistryFault, PullFailure, readonly string[]]>);

describe('image_guest_pull from a registry that resets connections', {
  tags: [
    'guest-pull-storage',
    'guest-console',
    'fault-injection',
    'unsigned-images',
    'debug-console',
    'init-data',
    'virtual-machine',
  ],
}, () => {
  test.for(FAULTS)(
    'CreateContainer with image_guest_pull from a registry that resets the TCP connection %s fails, leaves no layer, and succeeds once the fault is over',
    async ([, [fault, failure, asked]], { launchWithFaultyRegistry, createFromImage, target }) => {
      const location = `location = '${RESETTING_RELAY}/library'\ninsecure = true`;
      const options = withCdhConfig(`[[image.registry_config.registry]]\nprefix = 'docker.io/library'\n${location}\n`);
      const { guest, registry, serve } = await launchWithFaultyRegistry(options);
      await startResettingRelay(guest, target.registry.guestAddress);
      const image = serve(await makeRandomImage());
      registry.set(fault);
      const failed = await createFromImage(guest, image);
      expect(failed).toMatchObject(failedStoragePull(failure));
      expect(registry.asked.filter((request) => request === 'GET layer')).toEqual(asked);
      expect(await layerStore(guest)).toEqual([]);
      registry.set(undefined);
      const { containerId } = failed;
      expect(await createFromImage(guest, image, { containerId })).toMatchObject(expectedStoragePull());
    },
  );
});
