import { test as base, describe, expect } from '../../fixtures/test.ts';

/** Path of the termination log in a container, by Kubernetes' default. */
const LOG = '/dev/termination-log';

const ANNOTATION = 'io.kubernetes.container.terminationMessagePath';

const test = base
  /** An empty file of the guest, for this test alone. */
  .extend('file', async ({ cleanup, guest, newId }) => {
    const path = `/run/${newId()}`;
    await guest.run(['touch', path]);
    cleanup.defer(async () => {
      if (!guest.hasEnded()) await guest.run(['rm', '-f', path]);
    });
    return path;
  })
  .extend('ended', ({ file, guest, startRunning }) => {
    /** Runs a container that has the file as its termination log, until its process ends; returns its id. */
    return async (script: string, annotations: Readonly<Record<string, string>> = { [ANNOTATION]: LOG }) => {
      const { containerId, wait } = await startRunning(guest, {
        args: ['sh', '-c', script],
        mounts: [{ destination: LOG, source: file, type: 'bind', options: ['rbind'] }],
        spec: { Annotations: annotations },
      });
      await wait(containerId);
      return containerId;
    };
  });

const logType = 'termination_log';

describe('diagnostic data of a container', { tags: ['containers', 'main-rpc', 'diagnostic-data-rpc'] }, () => {
  test('GetDiagnosticData returns the termination log that the container has written', async ({ ended, guest }) => {
    const containerId = await ended(`echo out of luck >${LOG}; exit 3`);
    const answer = await guest.agent.getDiagnosticData({ logType, containerId });
    expect(answer).toEqual({ data: 'out of luck\n' });
  });

  test('GetDiagnosticData returns the first 4096 bytes of a longer termination log', async ({ ended, guest }) => {
    const containerId = await ended(`printf '%05000d' 7 >${LOG}`);
    const { data: text } = await guest.agent.getDiagnosticData({ logType, containerId });
    expect(text).toBe('0'.repeat(4_096));
  });

  test('GetDiagnosticData replaces bytes of a termination log that are no UTF-8', async ({ ended, guest }) => {
    const containerId = await ended(`printf 'a\\377b' >${LOG}`);
    const answer = await guest.agent.getDiagnosticData({ logType, containerId });
    expect(answer).toEqual({ data: 'a\uFFFDb' });
  });

  test('GetDiagnosticData returns nothing for a termination log that was removed', async ({ ended, file, guest }) => {
    const containerId = await ended('true');
    await guest.run(['rm', file]);
    expect(await guest.agent.getDiagnosticData({ logType, containerId })).toEqual({ data: '' });
  });

  test('GetDiagnosticData of a container whose annotations name no termination log fails', async ({ ended, guest }) => {
    const containerId = await ended('true', {});
    await expect(guest.agent.getDiagnosticData({ logType, containerId })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^No terminationMessagePath annotation/),
    });
  });

  test('GetDiagnosticData of a container whose termination log is not mounted fails', async ({ ended, guest }) => {
    const containerId = await ended('true', { [ANNOTATION]: '/dev/other' });
    await expect(guest.agent.getDiagnosticData({ logType, containerId })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^termination message mount not found for \/dev\/other/),
    });
  });

  test('GetDiagnosticData of an unknown container fails', async ({ guest, newId }) => {
    const containerId = newId();
    await expect(guest.agent.getDiagnosticData({ logType, containerId })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(new RegExp(`^Invalid container id: ${containerId}`)),
    });
  });

  test('GetDiagnosticData of an unsupported log type fails with INVALID_ARGUMENT and names the type', async ({
    guest,
  }) => {
    await expect(guest.agent.getDiagnosticData({ logType: 'gossip' })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: expect.stringContaining('unsupported diagnostic log_type: gossip'),
    });
  });
});
