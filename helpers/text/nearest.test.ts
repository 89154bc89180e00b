import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const COMMANDS = ['help', 'all', 'agent_pull_image', 'agent_create_container', 'agent_list_commands', 'undo', 'test'];

test.for([
  ['agent_pul', 'agent_pull_image'],
  ['agent_pull', 'agent_pull_image'],
  ['agent_pull_imgae', 'agent_pull_image'],
  ['agent_create', 'agent_create_container'],
  ['agent_list', 'agent_list_commands'],
  ['u', 'undo'],
  ['agent_', 'agent_pull_image'],
  ['hlep', 'help'],
  ['HELP', 'help'],
  ['tset', 'test'],
  ['undo_', 'undo'],
])('nearest suggests for the mistyped command %s the command %s', ([typed = '', meant]) => {
  expect(nearest(typed, COMMANDS)).toBe(meant);
});

test.for(['kubernetes_delete_cc_pod', 'xyz', '', 'q'])(
  'nearest suggests no command for %j, which resembles none',
  (typed) => {
    expect(nearest(typed, COMMANDS)).toBeUndefined();
    expect(didYouMean(typed, COMMANDS)).toBe('');
  },
);
