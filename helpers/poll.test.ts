import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { HarnessError, TimeoutError } from './errors.ts';
import { poll } from './poll.ts';

const LONG = { timeoutMs: 60_000, intervalMs: 1 } as const;
const SHORT = { timeoutMs: 20, intervalMs: 1 } as const;

/** A value that does not have its declared type, like unchecked JSON. */
const nothing = JSON.parse('{}') as { readonly a: { readonly b: string } };

test.for([
  ['TypeError', () => nothing.a.b],
  ['SyntaxError', () => JSON.parse('{')],
  ['RangeError', () => 'x'.repeat(-1)],
  ['URIError', () => decodeURIComponent('%')],
  [
    'ReferenceError',
    () => {
      throw new ReferenceError('x is not defined');
    },
  ],
  ['AssertionError', () => assert.equal(1, 2)],
  ['AssertionError', () => expect(1).toBe(2)],
] as const)('poll throws a %s of its probe at once, with its stack', async ([name, probe]) => {
  const tries = vi.fn(async () => probe() as string);
  const error: unknown = await poll('never', tries, LONG).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name });
  expect((error as Error).stack).toContain('poll.test.ts');
  expect(tries).toHaveBeenCalledTimes(1);
});

test('poll retries an error of the system until the probe succeeds', async () => {
  let tries = 0;
  const probe = (): string | undefined => {
    tries += 1;
    if (tries === 1) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    if (tries === 2) throw new HarnessError('x', 'not yet');
    return tries === 3 ? undefined : 'there';
  };
  expect(await poll('it', probe, LONG)).toBe('there');
  expect(tries).toBe(4);
});

test('poll retries a fetch that is refused, which is a TypeError with a cause', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const waiting = poll('an answer', () => fetch(`http://127.0.0.1:${port}/`), SHORT);
  await expect(waiting).rejects.toThrow(/^an answer did not happen within 20 ms; last: fetch failed$/);
});

test('poll retries only errors that the option `retry` accepts', async () => {
  const half = (error: unknown): boolean => error instanceof SyntaxError;
  const texts = ['{', '{"a"', '{"a": 1}'];
  expect(await poll('a whole file', () => JSON.parse(texts.shift() ?? '') as object, { ...LONG, retry: half })).toEqual(
    {
      a: 1,
    },
  );
  const gone = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  const failing = poll('a whole file', () => Promise.reject(gone), { ...LONG, retry: half });
  await expect(failing).rejects.toBe(gone);
});

test('poll rejects at its deadline with what it waited for and the last error', async () => {
  const last = new Error('still booting');
  const waiting = poll('the guest', () => Promise.reject(last), SHORT);
  await expect(waiting).rejects.toThrow(TimeoutError);
  await expect(waiting).rejects.toMatchObject({
    message: 'the guest did not happen within 20 ms; last: still booting',
    cause: last,
  });
});

test('poll rejects with the reason of its signal', async () => {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  setTimeout(() => controller.abort(reason), 10);
  await expect(poll('never', () => undefined, { ...LONG, signal: controller.signal })).rejects.toBe(reason);
});
