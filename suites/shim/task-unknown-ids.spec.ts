import { answerOf, describe, expect, ociProcess, ociResources, test } from '../../fixtures/test.ts';

const SPEC = ociProcess({ args: ['true'] });
const UNKNOWN = 'unknown';

describe('shim call for an unknown container', { tags: ['runc-compatible-shim'] }, () => {
  test.for([
    ['State', {}],
    ['Start', {}],
    ['Delete', {}],
    ['Pause', {}],
    ['Resume', {}],
    ['Kill', { signal: 9 }],
    ['Exec', { execId: 'added', spec: SPEC }],
    ['ResizePty', { width: 100, height: 33 }],
    ['CloseIO', { stdin: true }],
    ['Wait', {}],
    ['Stats', {}],
  ] as const)(
    'shim %s of an unknown container fails with NOT_FOUND',
    async ([method, fields], { sharedTask: { id, shim }, expectedOfShim }) => {
      const request = { ...fields, id: UNKNOWN };
      const rejection = { ...expectedOfShim.noContainer(UNKNOWN), code: 'not_found' };
      await expect(shim.call(method, request)).rejects.toMatchObject(rejection);
      expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
    },
  );

  test('shim Update of an unknown container fails with NOT_FOUND', async ({ sharedTask: { shim }, expectedOfShim }) => {
    const update = shim.update({ id: UNKNOWN, resources: ociResources({}) });
    await expect(update).rejects.toMatchObject({ ...expectedOfShim.noContainerToUpdate, code: 'not_found' });
  });

  test('shim Pids of an unknown container is rejected, or returns the pid of the VM', async ({
    sharedTask: { id, shim },
    expectedOfShim,
  }) => {
    const answer = await answerOf(shim.pids({ id: UNKNOWN }));
    expect(answer).toMatchObject(expectedOfShim.pidsOfUnknown(await shim.pids({ id })));
  });

  test('shim Connect of an unknown container returns the pid of the shim', async ({ sharedTask: { id, shim } }) => {
    const { shimPid } = await shim.connect({ id });
    expect(await shim.connect({ id: UNKNOWN })).toMatchObject({ shimPid });
  });
});

describe('shim call for an unknown process', { tags: ['runc-compatible-shim'] }, () => {
  test.for([
    ['State', {}],
    ['Start', {}],
    ['Delete', {}],
    ['Kill', { signal: 9 }],
    ['ResizePty', { width: 100, height: 33 }],
    ['Wait', {}],
  ] as const)(
    'shim %s of an unknown process fails with NOT_FOUND',
    async ([method, fields], { sharedTask: { id, shim }, expectedOfShim }) => {
      const request = { ...fields, id, execId: UNKNOWN };
      const rejection = { ...expectedOfShim.noProcess(UNKNOWN), code: 'not_found' };
      await expect(shim.call(method, request)).rejects.toMatchObject(rejection);
      expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
    },
  );

  test('shim CloseIO of an unknown process is rejected', async ({ sharedTask: { id, shim }, expectedOfShim }) => {
    const closed = shim.closeIO({ id, execId: UNKNOWN, stdin: true });
    await expect(closed).rejects.toMatchObject(expectedOfShim.noProcessToClose(UNKNOWN));
  });
});
