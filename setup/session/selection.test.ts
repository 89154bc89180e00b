import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { EXAMPLE_MODULE } from '../engine/example-step.ts';
import type { Step } from '../step.ts';
import { selection } from './selection.ts';

const step = (id: string, ...needed: readonly Step[]): Step => ({
  kind: 'artefact',
  id,
  module: EXAMPLE_MODULE,
  title: id,
  needs: () => needed,
  timeoutMs: 1,
  inputs: () => ({ files: {} }),
  make: async () => {},
  read: (directory) => directory,
});
const CONFIG = withTarget('local', loadConfig({}));
const agent = step('agent');
const rootfs = step('rootfs');
const image = step('image', agent, rootfs);
const bundle = step('bundle', image);
const STEPS = [agent, rootfs, image, bundle];

const may = (...choice: Parameters<typeof selection>[2][]): string[] =>
  STEPS.map(({ id }) => id).filter((id) => selection(STEPS, CONFIG, ...choice).may(id));

test('without --from, --only and --force, every set-up step may be built and none must', () => {
  expect(may()).toEqual(['agent', 'rootfs', 'image', 'bundle']);
  expect(STEPS.some(({ id }) => selection(STEPS, CONFIG).must(id))).toBe(false);
});

test('--from selects a set-up step and all steps that need it, directly or indirectly', () => {
  expect(may({ from: 'agent' })).toEqual(['agent', 'image', 'bundle']);
});

test('--only selects the named set-up steps', () => {
  expect(may({ only: ['rootfs', 'image'] })).toEqual(['rootfs', 'image']);
});

test('--force builds every selected step', () => {
  const { must } = selection(STEPS, CONFIG, { only: ['image'], force: true });
  expect(STEPS.map(({ id }) => must(id))).toEqual([false, false, true, false]);
});

test('an unknown set-up step is rejected, with the nearest one as suggestion', () => {
  expect(() => selection(STEPS, CONFIG, { from: 'rotfs' })).toThrow(
    'no step rotfs; did you mean rootfs? There are agent, ',
  );
  expect(() => selection(STEPS, CONFIG, { only: ['image', 'bundel'] })).toThrow('no step bundel; did you mean bundle?');
});

test('a build command with both --from and --only is rejected', () => {
  expect(() => selection(STEPS, CONFIG, { from: 'agent', only: ['image'] })).toThrow(
    '--from and --only exclude each other',
  );
});
