import { answerOf, describe, expect, test } from '../../fixtures/test.ts';

describe('streams of a process of the shim', { tags: ['runc-compatible-shim'] }, () => {
  test('shim CloseIO ends the input of a process, which the end of the named pipe alone does not', async ({
    sharedTask,
    addProcess,
  }) => {
    const { shim } = sharedTask;
    const { process, streams } = await addProcess(sharedTask, { args: ['cat'] });
    await shim.start(process);
    const ended = shim.wait(process);
    await streams.write('a line\n');
    await streams.until('a line\n');
    await streams.close();
    expect(await shim.state(process)).toMatchObject({ status: 'RUNNING' });
    await shim.closeIO({ ...process, stdin: true });
    expect(await ended).toMatchObject({ exitStatus: 0 });
  });

  test('shim ResizePty sets the size of a process’s terminal', async ({ sharedTask, addProcess }) => {
    const { shim } = sharedTask;
    const args = ['sh', '-c', 'echo ready; read -r x; echo "size $(stty size)."'];
    const { process, streams } = await addProcess(sharedTask, { args, terminal: true });
    await shim.start(process);
    await streams.until('ready');
    expect(await shim.state(process)).toMatchObject({ terminal: true });
    await shim.resizePty({ ...process, width: 100, height: 33 });
    await streams.write('\n');
    await streams.until('size 33 100.');
  });

  test('shim ResizePty of a process without a terminal is rejected, or has no effect', async ({
    sharedTask,
    addProcess,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const { process } = await addProcess(sharedTask, { args: ['cat'] });
    await shim.start(process);
    const answer = await answerOf(shim.resizePty({ ...process, width: 100, height: 33 }));
    expect(answer).toMatchObject(expectedOfShim.resizeWithoutTerminal);
    expect(await shim.state(process)).toMatchObject({ status: 'RUNNING' });
  });
});
