import { expect, test } from 'vitest';
import { EXAMPLE_MODULE } from './example-step.ts';
import { selection } from './selection.ts';
import type { Step } from './step.ts';

const step = (id: string, ...needed: readonly Step[]): Step => ({
  kind: 'artefact',
  id,
  module: EXAMPLE_MODULE,
  title: id,
  needs: needed,
  timeoutMs: 1,
  inputs: () => ({ files: {} }),
  make: async () => {},
});
const agent = step('agent');
const rootfs = step('rootfs');
const image = step('image', agent, rootfs);
const bundle = step('bundle', image);
const STEPS = [agent, rootfs, image, bundle];

const may = (...choice: Parameters<typeof selection>[1][]): string[] =>
  STEPS.map(({ id }) => id).filter((id) => selection(STEPS, ...choice).may(id));

test('unless told otherwise every step may be made, and none must', () => {
  expect(may()).toEqual(['agent', 'rootfs', 'image', 'bundle']);
  expect(STEPS.some(({ id }) => selection(STEPS).must(id))).toBe(false);
});

test('from a step on: itself, and all that need it, however far', () => {
  expect(may({ from: 'agent' })).toEqual(['agent', 'image', 'bundle']);
});

test('only some', () => {
  expect(may({ only: ['rootfs', 'image'] })).toEqual(['rootfs', 'image']);
});

test('forced, what may be made must be', () => {
  const { must } = selection(STEPS, { only: ['image'], force: true });
  expect(STEPS.map(({ id }) => must(id))).toEqual([false, false, true, false]);
});

test('a step that is none is refused, with the nearest that is', () => {
  expect(() => selection(STEPS, { from: 'rotfs' })).toThrow('no step rotfs; did you mean rootfs? There are agent, ');
  expect(() => selection(STEPS, { only: ['image', 'bundel'] })).toThrow('no step bundel; did you mean bundle?');
});

test('from and only exclude each other', () => {
  expect(() => selection(STEPS, { from: 'agent', only: ['image'] })).toThrow('--from and --only say different things');
});
