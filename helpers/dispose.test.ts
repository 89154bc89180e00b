import { expect, test } from 'vitest';
import { makeOrUndo } from './dispose.ts';
import { HarnessError, messageOf } from './errors.ts';

/** What the project expects of the platform's stack, by which guests, namespaces and services are undone. */
test('AsyncDisposableStack undoes in reverse order, one after another, once', async () => {
  const done: string[] = [];
  const stack = new AsyncDisposableStack();
  stack.defer(() => void done.push('first'));
  stack.use({ [Symbol.asyncDispose]: async () => void done.push('second') });
  stack.defer(async () => {
    await new Promise(setImmediate);
    done.push('third');
  });
  await stack.disposeAsync();
  await stack.disposeAsync();
  expect(done).toEqual(['third', 'second', 'first']);
});

test('AsyncDisposableStack undoes nothing after move, its new owner does', async () => {
  const done: string[] = [];
  const owned = await (async () => {
    await using stack = new AsyncDisposableStack();
    stack.defer(() => void done.push('undone'));
    return stack.move();
  })();
  expect(done).toEqual([]);
  await owned.disposeAsync();
  expect(done).toEqual(['undone']);
});

test('AsyncDisposableStack runs every undo although others fail, and messageOf its error names all failures', async () => {
  const fail = (text: string) => () => Promise.reject(new Error(text));
  const use = async (): Promise<void> => {
    await using stack = new AsyncDisposableStack();
    for (const text of ['removing the directory', 'ending the process']) stack.defer(fail(text));
    throw new Error('the agent did not answer');
  };
  const message =
    'the agent did not answer; and disposal failed: ending the process; and disposal failed: removing the directory';
  expect(await use().catch(messageOf)).toBe(message);
});

test('AsyncDisposableStack rejects a resource that is acquired after disposal', async () => {
  const stack = new AsyncDisposableStack();
  await stack.disposeAsync();
  expect(() => stack.defer(() => {})).toThrow(ReferenceError);
});

test('makeOrUndo appends every failure of the undo to the error, whose code it keeps', async () => {
  const stack = new AsyncDisposableStack();
  stack.defer(() => Promise.reject(new Error('two')));
  stack.defer(() => Promise.reject(new Error('one')));
  const made = makeOrUndo(
    () => Promise.reject(new HarnessError('pod', 'no pod')),
    () => stack.disposeAsync(),
  );
  await expect(made).rejects.toMatchObject({
    code: 'pod',
    message: 'no pod\nand undoing it failed: one; and disposal failed: two',
  });
});
