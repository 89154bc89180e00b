import { expect, test } from 'vitest';
import { FATAL_LINE, fatalMessage } from './console.ts';

test.for([
  [
    'a file',
    'time="2026-01-02T03:04:05Z" level=fatal msg="Source image rejected: \\"no\\""\n',
    'Source image rejected: "no"',
  ],
  ['a terminal', '\u001b[31mFATA\u001b[0m[0013] Source image rejected: no \r\n', 'Source image rejected: no'],
  [
    'a file, with bytes that are not UTF-8',
    String.raw`time="2026-01-02T03:04:05Z" level=fatal msg="StatusCode: 403, <html>Acc\xe8s \U0001f600 \a</html>"` +
      '\n',
    `StatusCode: 403, <html>Acc${String.raw`\xe8`}s 😀 \u0007</html>`,
  ],
  ['a file, with further fields', 'time="2026-01-02T03:04:05Z" level=fatal msg="no" error="x"\n', 'no'],
  ['a terminal with two carriage returns', 'FATA[0001] no\r\r\n', 'no'],
  ['a terminal without colours', 'FATA[0001] Source image rejected: no\n', 'Source image rejected: no'],
] as const)("fatalMessage finds skopeo's fatal error in its log format for %s", ([, line, message]) => {
  expect(line).toMatch(FATAL_LINE);
  expect(fatalMessage(`guest: up\n${line}more\n`)).toBe(message);
});

test('FATAL_LINE does not match an incomplete last line of a console', () => {
  expect('time="2026-01-02T03:04:05Z" level=fatal msg="Source').not.toMatch(FATAL_LINE);
});
