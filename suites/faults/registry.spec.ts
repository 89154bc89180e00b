import { bundleOf, describe, digestOf, expect, PULL_FAILED, test } from '../../fixtures/test.ts';

/** A pull that came to nothing: refused, for this cause, and nothing of it left. */
function refused(because: RegExp): object {
  return {
    status: 'internal',
    answer: PULL_FAILED,
    cause: expect.stringMatching(because),
    bundle: undefined,
    leftover: false,
  };
}

/** skopeo stops while it reads a layer, because the connection ends. */
const LAYER_CUT = /happened during read: (?:unexpected EOF|.*: connection reset by peer)$/;

/** skopeo has read a layer to its end, and it is not the manifest's. */
const OTHER_DIGEST =
  /happened during read: Digest did not match, expected sha256:([0-9a-f]{64}), got sha256:(?!\1)[0-9a-f]{64}$/;

describe('a pull from a registry that', {
  tags: ['guest-pull-skopeo', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  test('does nothing wrong is accepted: what follows fails for a reason', async ({ faulty, pull, target }) => {
    const { guest, registry } = faulty;
    const bundle = bundleOf(digestOf('medium', target));
    expect(await pull(guest, 'medium')).toMatchObject({ status: 'ok', bundle });
    expect(registry.asked).toContain('GET layer');
  });

  test('is down is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'down' });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/pinging container registry .*: EOF$/));
  });

  test('sends a layer slowly is accepted, and takes as long as the layer', async ({ faulty, pull, signal, target }) => {
    const { guest, registry } = faulty;
    registry.set({ kind: 'slow', bytesPerSecond: 300_000 });
    const pulling = pull(guest, 'medium');
    await registry.sees('GET layer', { timeoutMs: 10_000 * target.slow, signal });
    const begun = performance.now();
    const bundle = bundleOf(digestOf('medium', target));
    expect(await pulling).toMatchObject({ status: 'ok', bundle, leftover: false });
    // 300 kB and what compression adds, in a second.
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  test('cuts a layer off is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'cut', afterBytes: 100_000 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(LAYER_CUT));
  });

  test('is reached through a socat that dies is refused, and the next pull is accepted', async ({
    faulty,
    pull,
    signal,
    target,
  }) => {
    const { guest, killRelays, registry } = faulty;
    registry.set({ kind: 'slow', bytesPerSecond: 200_000 });
    const pulling = pull(guest, 'medium');
    await registry.sees('GET layer', { timeoutMs: 10_000 * target.slow, signal });
    expect(await killRelays()).toBeGreaterThan(0);
    const refusal = await pulling;
    // The layer was asked for; whether any of it has come is not known.
    expect(refusal).toMatchObject(refused(/(?:: (?:unexpected )?EOF|: connection reset by peer)$/));
    registry.set(undefined);
    const { containerId } = refusal;
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', leftover: false });
  });

  test('serves a layer with another digest is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'wrong-digest' });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(OTHER_DIGEST));
  });

  test('serves less of a layer than the manifest says is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'truncated', bytes: 100_000 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(OTHER_DIGEST));
  });

  test('serves a manifest without end is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'endless-manifest' });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/exceeded maximum allowed size of \d+ bytes/));
  });

  test('says once that there are too many requests is asked again when it says so', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    const begun = performance.now();
    expect(await pull(faulty.guest, 'medium')).toMatchObject({ status: 'ok', leftover: false });
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    expect(faulty.registry.asked.filter((asked) => asked === 'GET manifest')).toHaveLength(2);
  });

  test('is unavailable, although it says until when, is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'status', status: 503, retryAfterSeconds: 1, times: 100 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(
      refused(/received unexpected HTTP status: 503 Service Unavailable$/),
    );
  });

  test('answers 403 with a page in ISO-8859-1 is refused, and the cause quotes status and page', async ({
    faulty,
    pull,
  }) => {
    faulty.registry.set({ kind: 'forbidden', page: '<html>Accès refusé</html>' });
    // skopeo prints bytes that are not UTF-8 as Go does.
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/403.*<html>Acc\\xe8s refus\\xe9<\/html>/));
  });

  test('is well again serves the next pull', async ({ faulty, pull, target }) => {
    const { guest, registry } = faulty;
    registry.set({ kind: 'wrong-digest' });
    const refusal = await pull(guest, 'medium');
    expect(refusal).toMatchObject(refused(OTHER_DIGEST));
    const { containerId } = refusal;
    registry.set(undefined);
    const bundle = bundleOf(digestOf('medium', target));
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', bundle, leftover: false });
  });
});
