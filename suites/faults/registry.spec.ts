import { bundleOf, describe, expect, PULL_FAILED, test } from '../../fixtures/test.ts';

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

describe('a pull from a registry that', { tags: ['guest-pull-skopeo', 'guest-console', 'fault-injection'] }, () => {
  test('does nothing wrong is accepted: what follows fails for a reason', async ({ faulty, pull, target }) => {
    const { guest, registry } = faulty;
    const bundle = bundleOf(target.digests['medium'] ?? '');
    expect(await pull(guest, 'medium')).toMatchObject({ status: 'ok', bundle });
    expect(registry.asked).toContain('GET layer');
  });

  test('is down is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'down' });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/pinging container registry .*EOF/));
  });

  test('is slow takes its time, and is accepted', async ({ faulty, pull, target }) => {
    faulty.registry.set({ kind: 'slow', bytesPerSecond: 300_000 });
    const begun = performance.now();
    const bundle = bundleOf(target.digests['medium'] ?? '');
    expect(await pull(faulty.guest, 'medium')).toMatchObject({ status: 'ok', bundle, leftover: false });
    expect(performance.now() - begun).toBeGreaterThan(500);
  });

  test('cuts a layer off is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'cut', afterBytes: 100_000 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/unexpected EOF|connection reset/));
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
    expect(refusal).toMatchObject(refused(/EOF|connection reset/));
    registry.set(undefined);
    const { containerId } = refusal;
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', leftover: false });
  });

  test('serves a layer with another digest is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'wrong-digest' });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(
      refused(/[Dd]igest did not match|does not match|mismatch/),
    );
  });

  test('serves less of a layer than the manifest says is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'truncated', bytes: 100_000 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/unexpected EOF|[Dd]igest did not match|[Ss]ize/));
  });

  test('serves a manifest without end is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'endless-manifest' });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/exceeded maximum allowed size of \d+ bytes/));
  });

  test('says once that there are too many requests is asked again when it says so', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject({ status: 'ok', leftover: false });
    expect(faulty.registry.asked.filter((asked) => asked === 'GET manifest').length).toBeGreaterThan(1);
  });

  test('is unavailable, although it says until when, is refused', async ({ faulty, pull }) => {
    faulty.registry.set({ kind: 'status', status: 503, retryAfterSeconds: 1, times: 100 });
    expect(await pull(faulty.guest, 'medium')).toMatchObject(refused(/503 \(?Service Unavailable\)?/));
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
    const { containerId, status } = await pull(guest, 'medium');
    expect(status).toBe('internal');
    registry.set(undefined);
    const bundle = bundleOf(target.digests['medium'] ?? '');
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', bundle, leftover: false });
  });
});
