import { answerOf, containerExitOfSignal, describe, expect, test } from '../../fixtures/test.ts';

const SIGUSR1 = 10;
const SIGKILL = 9;
/**
 * A process that exits with 7 on SIGUSR1, once it has printed `ready`. Not SIGTERM: Kata's agent sends a container SIGKILL
 * instead if it does not catch SIGTERM, which agents of generation skopeo always conclude. Source: is_signal_handled() of
 * src/agent/src/rpc.rs at d17aaba475, which does not parse the tab after `SigCgt:`.
 */
const TRAPS = ['sh', '-c', 'trap "echo caught; exit 7" USR1; echo ready; while :; do sleep 0.05; done'];

describe('signals that the shim sends', { tags: ['runc-compatible-shim'] }, () => {
  test('shim Kill with SIGUSR1 ends a container that catches the signal, and Wait returns its own exit status', async ({
    sharedTask,
    startSecond,
    openStreams,
  }) => {
    const { shim } = sharedTask;
    const streams = await openStreams();
    const { id } = await startSecond(sharedTask, TRAPS, streams);
    await streams.until('ready\n');
    const ended = shim.wait({ id });
    await shim.kill({ id, signal: SIGUSR1 });
    expect(await ended).toMatchObject({ exitStatus: 7 });
    await streams.until('ready\ncaught\n');
    // A container that has ended answers Wait at once.
    expect(await shim.wait({ id })).toMatchObject({ exitStatus: 7 });
  });

  test('shim Kill with an exec id ends that process alone', async ({ sharedTask, addProcess, target }) => {
    const { id, shim } = sharedTask;
    const { process } = await addProcess(sharedTask, { args: ['sleep', '3600'] });
    await shim.start(process);
    const ended = shim.wait(process);
    await shim.kill({ ...process, signal: SIGKILL });
    expect(await ended).toMatchObject({ exitStatus: containerExitOfSignal(target, SIGKILL) });
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
  });

  test('shim Kill of a container that has ended is rejected, or ignored', async ({
    sharedTask,
    startSecond,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const { id } = await startSecond(sharedTask, ['true']);
    expect(await shim.wait({ id })).toMatchObject({ exitStatus: 0 });
    expect(await answerOf(shim.kill({ id, signal: SIGKILL }))).toMatchObject(expectedOfShim.killOfStopped);
    expect(await shim.state({ id })).toMatchObject({ status: 'STOPPED', exitStatus: 0 });
  });
});
