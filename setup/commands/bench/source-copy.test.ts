import { expect, test } from 'vitest';
import { withChangedLine } from './source-copy.ts';

const SOURCE = 'fn create() {\n    info!(sl(), "created container!");\n}\n';

test('the bench changes one line of the agent, and the same line again', () => {
  const once = withChangedLine(SOURCE, 'round 1');
  expect(once).toBe('fn create() {\n    info!(sl(), "created container! round 1");\n}\n');
  expect(withChangedLine(once, 'round 2')).toBe('fn create() {\n    info!(sl(), "created container! round 2");\n}\n');
});

test('a Kata without that line is an error, not a bench of an unchanged agent', () => {
  expect(() => withChangedLine('fn create() {}\n', 'round 1')).toThrow(
    'src/agent/src/rpc.rs of this Kata has no /"created container![^"]*"/, the line that the bench changes',
  );
});
