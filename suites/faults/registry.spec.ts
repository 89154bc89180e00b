import { bundleOf, describe, expect, PULL_FAILED, test } from '../../fixtures/test.ts';

/** The outcome of a pull that fails with a cause and leaves no files. */
function rejected(because: RegExp): object {
  return {
    status: 'internal',
    answer: PULL_FAILED,
    cause: expect.stringMatching(because),
    bundle: undefined,
    leftover: false,
  };
}

/** skopeo's error if the connection ends while it reads a layer; since 1.12 it resumes once, and adds tuning data. */
const LAYER_CUT =
  /happened during read: (?:\(heuristic tuning data: .*\): )?(?:unexpected EOF|.*: connection reset by peer)$/;

/** skopeo's error if it has requested a layer and the connection ends; since 1.12 it adds why it cannot resume. */
const CONNECTION_LOST = /(?:: (?:unexpected )?EOF|: connection reset by peer)(?: \(while reconnecting: .*\))?$/;

/** skopeo's error if it has read a layer completely, and the digest differs from the one in the manifest. */
const OTHER_DIGEST =
  /happened during read: Digest did not match, expected sha256:([0-9a-f]{64}), got sha256:(?!\1)[0-9a-f]{64}$/;

describe('PullImage from a faulty registry', {
  tags: ['guest-pull-skopeo', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  test('PullImage through the registry proxy succeeds while no fault is set', async ({
    faultyRegistry,
    pull,
    target,
  }) => {
    const { guest, registry } = faultyRegistry;
    const bundle = bundleOf(target.digests.medium);
    expect(await pull(guest, 'medium')).toMatchObject({ status: 'ok', bundle });
    expect(registry.asked).toContain('GET layer');
  });

  test('PullImage from a registry that closes every connection without an answer fails', async ({
    faultyRegistry,
    pull,
  }) => {
    faultyRegistry.registry.set({ kind: 'down' });
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(rejected(/pinging container registry .*: EOF$/));
  });

  test('PullImage from a slow registry succeeds and takes as long as the transfer of the layer', async ({
    faultyRegistry,
    pull,
    target,
    within,
  }) => {
    const { guest, registry } = faultyRegistry;
    registry.set({ kind: 'slow', bytesPerSecond: 300_000 });
    const pulling = pull(guest, 'medium');
    await registry.sees('GET layer', within('registry-request'));
    const begun = performance.now();
    const bundle = bundleOf(target.digests.medium);
    expect(await pulling).toMatchObject({ status: 'ok', bundle, leftover: false });
    // At the limited rate, 300 kB and the overhead of compression take a second.
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  test('PullImage from a registry that closes the connection within a layer fails', async ({
    faultyRegistry,
    pull,
  }) => {
    faultyRegistry.registry.set({ kind: 'cut', afterBytes: 100_000 });
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(rejected(LAYER_CUT));
  });

  test('PullImage fails when the socat that connects the guest to the registry dies, and the next PullImage succeeds', async ({
    faultyRegistry,
    pull,
    within,
  }) => {
    const { guest, killRelays, registry } = faultyRegistry;
    registry.set({ kind: 'slow', bytesPerSecond: 200_000 });
    const pulling = pull(guest, 'medium');
    await registry.sees('GET layer', within('registry-request'));
    // skopeo 1.12 and later resume a download whose connection ends, and the pull would succeed.
    registry.set({ kind: 'down' });
    expect(await killRelays()).toBeGreaterThan(0);
    const rejection = await pulling;
    // skopeo has requested the layer; it may or may not have received the start of it.
    expect(rejection).toMatchObject(rejected(CONNECTION_LOST));
    registry.set(undefined);
    const { containerId } = rejection;
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', leftover: false });
  });

  test('PullImage from a registry that serves a layer with a wrong digest fails', async ({ faultyRegistry, pull }) => {
    faultyRegistry.registry.set({ kind: 'wrong-digest' });
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(rejected(OTHER_DIGEST));
  });

  test('PullImage from a registry that serves a truncated layer fails', async ({ faultyRegistry, pull }) => {
    faultyRegistry.registry.set({ kind: 'truncated', bytes: 100_000 });
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(rejected(OTHER_DIGEST));
  });

  test('PullImage from a registry that serves an endless manifest fails at the maximum size', async ({
    faultyRegistry,
    pull,
  }) => {
    faultyRegistry.registry.set({ kind: 'endless-manifest' });
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(
      rejected(/exceeded maximum allowed size of \d+ bytes/),
    );
  });

  test('PullImage succeeds because skopeo retries a 429 after Retry-After', async ({ faultyRegistry, pull }) => {
    faultyRegistry.registry.set({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    const begun = performance.now();
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject({ status: 'ok', leftover: false });
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    expect(faultyRegistry.registry.asked.filter((asked) => asked === 'GET manifest')).toHaveLength(2);
  });

  test('PullImage from a registry that answers 503 fails, even with Retry-After', async ({ faultyRegistry, pull }) => {
    faultyRegistry.registry.set({ kind: 'status', status: 503, retryAfterSeconds: 1, times: 100 });
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(
      rejected(/received unexpected HTTP status: 503 Service Unavailable$/),
    );
  });

  test('PullImage from a registry that answers 403 with an ISO-8859-1 page fails and quotes the status and the page', async ({
    faultyRegistry,
    pull,
  }) => {
    faultyRegistry.registry.set({ kind: 'forbidden', page: '<html>Accès refusé</html>' });
    // skopeo prints bytes that are not UTF-8 escaped, as Go does.
    expect(await pull(faultyRegistry.guest, 'medium')).toMatchObject(
      rejected(/403.*<html>Acc\\xe8s refus\\xe9<\/html>/),
    );
  });

  test('PullImage succeeds once a registry fault is over, under the container id of the failed pull', async ({
    faultyRegistry,
    pull,
    target,
  }) => {
    const { guest, registry } = faultyRegistry;
    registry.set({ kind: 'wrong-digest' });
    const rejection = await pull(guest, 'medium');
    expect(rejection).toMatchObject(rejected(OTHER_DIGEST));
    const { containerId } = rejection;
    registry.set(undefined);
    const bundle = bundleOf(target.digests.medium);
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', bundle, leftover: false });
  });
});
