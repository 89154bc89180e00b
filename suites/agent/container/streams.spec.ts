import { test as base, describe, expect } from '../../../fixtures/test.ts';

// Streams of processes that are vsock connections in place of the calls ReadStdout, ReadStderr and WriteStdin. Kata's runtime
// uses them with Dragonball.

const PORT = 1027;
const ECHOES = ['sh', '-c', 'read line; echo "out $line"; echo "err $line" >&2'];

const test = base.extend('guestOptions', { scope: 'file' }, {
  kernelParameters: [`agent.passfd_listener_port=${PORT}`],
} as const);

describe('streams of processes as vsock connections', { tags: ['containers', 'passfd-io', 'virtual-machine'] }, () => {
  test('CreateContainer joins the streams of its process to the connections from the requested ports', async ({
    guest,
    openVsockStreams,
    startRunning,
  }) => {
    const streams = await openVsockStreams(guest, PORT);
    await startRunning(guest, { args: ECHOES, request: streams.ports });
    expect(await streams.answerTo('of CreateContainer')).toEqual([
      'out of CreateContainer\n',
      'err of CreateContainer\n',
    ]);
  });

  test('ExecProcess joins the streams of its process to the connections from the requested ports', async ({
    guest,
    openVsockStreams,
    running: { containerId },
  }) => {
    const streams = await openVsockStreams(guest, PORT);
    const process = { Args: ECHOES, Env: ['PATH=/bin'], Cwd: '/' };
    await guest.agent.execProcess({ containerId, execId: 'echoes', process, ...streams.ports });
    expect(await streams.answerTo('of ExecProcess')).toEqual(['out of ExecProcess\n', 'err of ExecProcess\n']);
  });
});
