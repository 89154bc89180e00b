import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

const COMMANDS = ['help', 'initialize', 'build_kata_runtime', 'open_kata_shell', 'open_kata_console'];

test('parseCommandLine accepts options before and after the command', () => {
  const wanted = { command: 'build_kata_runtime', debug: true, args: ['x'] };
  expect(parseCommandLine(['-d', 'build_kata_runtime', 'x'], COMMANDS)).toEqual(wanted);
  expect(parseCommandLine(['build_kata_runtime', 'x', '-d'], COMMANDS)).toEqual(wanted);
});

test('parseCommandLine returns the command help for no command and for -h', () => {
  expect(parseCommandLine([], COMMANDS).command).toBe('help');
  expect(parseCommandLine(['-h', 'initialize'], COMMANDS).command).toBe('help');
});

test.for([
  ['open_kata_shel', 'open_kata_shell'],
  ['initialse', 'initialize'],
  ['build_runtime', 'build_kata_runtime'],
])('parseCommandLine rejects the command %s and suggests %s', ([typed, meant]) => {
  expect(() => parseCommandLine([typed ?? ''], COMMANDS)).toThrow(`no command ${typed}; did you mean ${meant}?`);
});
