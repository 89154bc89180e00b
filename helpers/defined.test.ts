import { expect, test } from 'vitest';
import { defined } from './defined.ts';

test('defined leaves out undefined properties, and keeps those that are null, false, 0 or empty', () => {
  const some = defined({ none: undefined, nothing: null, no: false, zero: 0, empty: '' });
  expect(Object.keys(some)).toEqual(['nothing', 'no', 'zero', 'empty']);
});

test('the type of an object from defined has an optional property where it may be undefined', () => {
  const given: string | undefined = ['given'].find((name) => name === 'other');
  const typed: { readonly given?: string; readonly kept: number } = defined({ given, kept: 1 });
  expect(typed).toStrictEqual({ kept: 1 });
});
