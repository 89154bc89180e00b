import { expect, test } from 'vitest';
import { parseConsole, renderConsole, skopeoLines } from './console-lines.ts';

const AGENT =
  '{"msg":"Attempting to pull image","level":"INFO","ts":"2026-01-02T03:04:05.678901234+00:00","version":"1","source":"agent","subsystem":"rpc","name":"kata-agent","pid":"7","image":"x"}';
const FATAL = 'time="2026-01-02T03:04:05Z" level=fatal msg="Source image rejected: \\"no\\""';
const CONSOLE = `[    0.125000] Linux version 6.1\n${AGENT}\nGetting image source signatures\r\n${FATAL}\n{"half of a\nfree text\n`;

test('a console is understood line by line', () => {
  const at = Date.parse('2026-01-02T03:04:05.678Z');
  expect(parseConsole(CONSOLE)).toEqual([
    { at: undefined, level: 'info', from: 'kernel', message: 'Linux version 6.1' },
    { at, level: 'info', from: 'rpc', message: 'Attempting to pull image', pairs: { image: 'x' } },
    { at, level: 'info', from: 'skopeo', message: 'Getting image source signatures' },
    { at, level: 'critical', from: 'skopeo', message: 'Source image rejected: "no"' },
    { at, level: 'info', from: 'console', message: '{"half of a' },
    { at, level: 'info', from: 'console', message: 'free text' },
  ]);
});

test('skopeo is understood on a terminal as well', () => {
  const line = '\u001b[31mFATA\u001b[0m[0013] Source image rejected: no ';
  const understood = { at: undefined, level: 'critical', from: 'skopeo', message: 'Source image rejected: no' };
  expect(parseConsole(`${line}\r\n`)).toEqual([understood]);
  expect(parseConsole('WARN[0000] no cache')).toMatchObject([{ level: 'warning', message: 'no cache' }]);
  expect(skopeoLines(`guest: up\n${line}\n`)).toBe(`${line}\n`);
});

test('it reads as a table', () => {
  expect(renderConsole(parseConsole(AGENT))).toBe(
    '03:04:05.678 info     rpc        Attempting to pull image image=x\n',
  );
});

test("skopeo's own output is picked out, word for word", () => {
  expect(skopeoLines(CONSOLE)).toBe(`Getting image source signatures\r\n${FATAL}\n`);
});
