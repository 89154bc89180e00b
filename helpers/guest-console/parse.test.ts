import { describe, expect, test } from 'vitest';
import { parseConsole, renderConsole, skopeoLines } from './parse.ts';

const AGENT =
  '{"msg":"Attempting to pull image","level":"INFO","ts":"2026-01-02T03:04:05.678901234+00:00","version":"1","source":"agent","subsystem":"rpc","name":"kata-agent","pid":"7","image":"x"}';
const FATAL = 'time="2026-01-02T03:04:05Z" level=fatal msg="Source image rejected: \\"no\\""';
const CONSOLE = `[    0.125000] Linux version 6.1\n${AGENT}\nGetting image source signatures\r\n${FATAL}\n{"half of a\nfree text\n`;

test('parseConsole parses lines of the kernel, the agent and skopeo, and keeps other lines as they are', () => {
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

test("parseConsole parses skopeo's log format for terminals", () => {
  const line = '\u001b[31mFATA\u001b[0m[0013] Source image rejected: no ';
  const understood = { at: undefined, level: 'critical', from: 'skopeo', message: 'Source image rejected: no' };
  expect(parseConsole(`${line}\r\n`)).toEqual([understood]);
  expect(parseConsole('WARN[0000] no cache')).toMatchObject([{ level: 'warning', message: 'no cache' }]);
  expect(skopeoLines(`guest: up\n${line}\n`)).toBe(`${line}\n`);
});

test('renderConsole prints time, level, source, message and pairs of a line', () => {
  expect(renderConsole(parseConsole(AGENT))).toBe(
    '03:04:05.678 info     rpc        Attempting to pull image image=x\n',
  );
});

test("skopeoLines returns skopeo's lines unchanged and no others", () => {
  expect(skopeoLines(CONSOLE)).toBe(`Getting image source signatures\r\n${FATAL}\n`);
});

describe('times of console lines', () => {
  const line = (at: string, msg: string): string => JSON.stringify({ msg, level: 'INFO', ts: at });
  const times = (text: string): (string | undefined)[] =>
    parseConsole(text).map(({ at }) => (at === undefined ? undefined : new Date(at).toISOString().slice(11, 23)));

  test("console lines after the guest's clock was set back have the new time, also those without a time of their own", () => {
    const said = [
      line('2026-01-02T03:00:00.500Z', 'before'),
      line('2026-01-02T02:00:00.000Z', 'an hour back'),
      'no time of its own',
      line('2026-01-02T02:00:01.000Z', 'later'),
    ];
    expect(times(said.join('\n'))).toEqual(['03:00:00.500', '02:00:00.000', '02:00:00.000', '02:00:01.000']);
  });

  test('a console line up to a second older than the line above gets the time of that line, because logrus truncates to seconds', () => {
    const fatal = (at: string): string => `time="${at}" level=fatal msg=no`;
    const agent = line('2026-01-02T03:00:00.900Z', 'before');
    expect(times(`${agent}\n${fatal('2026-01-02T03:00:00Z')}`)).toEqual(['03:00:00.900', '03:00:00.900']);
    expect(times(`${agent}\n${fatal('2026-01-02T02:59:59Z')}`)).toEqual(['03:00:00.900', '02:59:59.000']);
  });
});

describe('console lines', () => {
  const fatal = { level: 'critical', from: 'skopeo', message: 'no such host' };
  const agent = { level: 'info', from: 'rpc', message: 'Attempting to pull image' };
  const kernel = { level: 'info', from: 'kernel', message: 'reboot: Restarting system' };
  const line = 'time="2026-01-02T03:04:05Z" level=fatal msg="no such host"';

  test.for([
    ['with two carriage returns at its end', `${line}\r\r\n`, [fatal]],
    ['with NULs of a serial line', `\0\0${line}\0\n`, [fatal]],
    ['with colours and a window title', `\u001b]0;x\u0007\u001b[1;31m${line}\u001b[0m\n`, [fatal]],
    ['after an incomplete character', `\ufffd${line}\n`, [{ from: 'console', message: '\ufffd' }, fatal]],
    [
      'after text overwritten by a carriage return',
      `50%\r100%\r${line}`,
      [{ message: '50%' }, { message: '100%' }, fatal],
    ],
    ['after another writer’s unfinished line', `half of ${line}\n`, [{ message: 'half of ' }, fatal]],
    ['with two JSON objects', `${AGENT}${AGENT}\n`, [agent, agent]],
    ['of the kernel, after a JSON object', `${AGENT}[   12.345678] reboot: Restarting system\n`, [agent, kernel]],
    ['of the kernel, with priority and caller', '<6>[    0.000000][    T1] reboot: Restarting system', [kernel]],
    ['of the kernel, with priority only', '<30>[   12.345678] reboot: Restarting system', [kernel]],
    [
      'of the kernel with priority, after a JSON object',
      `${AGENT}<6>[   12.345678] reboot: Restarting system`,
      [agent, kernel],
    ],
    [
      'of the kernel, after its time restarted',
      '[  99.000001] reboot: Restarting system\n[    0.000000] reboot: Restarting system\n',
      [kernel, kernel],
    ],
    [
      'of logrus with further fields',
      String.raw`time="2026-01-02T03:04:05Z" level=warning msg="no \xe8" error="a \"b\""`,
      [{ level: 'warning', message: String.raw`no \xe8`, pairs: { error: 'a "b"' } }],
    ],
    [
      'of logrus with invalid quoting',
      String.raw`time="2026-01-02T03:04:05Z" level=fatal msg="no \q"`,
      [{ level: 'critical', message: String.raw`"no \q"` }],
    ],
    [
      'of JSON whose message looks like a logrus line',
      JSON.stringify({ msg: line, level: 'INFO' }),
      [{ message: line }],
    ],
  ] as const)('parseConsole parses a line %s', ([, text, expected]) => {
    expect(parseConsole(text)).toMatchObject(expected);
    expect(parseConsole(text)).toHaveLength(expected.length);
  });

  test.for(['constructor', 'toString', '__proto__'])(
    'parseConsole gives a line with the level %s, an Object member, the level info',
    (name) => {
      const lines = parseConsole(`{"msg":"a","level":"${name}"}\ntime="x" level=${name} msg=b\n`);
      expect(lines.map(({ level }) => level)).toEqual(['info', 'info']);
    },
  );

  test('parseConsole keeps objects, null and numbers beside the message as JSON text', () => {
    const [line] = parseConsole('{"msg":"a","level":"INFO","error":{"code":[5]},"none":null,"count":3}\n');
    expect(line?.pairs).toEqual({ error: '{"code":[5]}', none: 'null', count: '3' });
  });

  test('parseConsole shortens a line of 1 MiB, in linear time', () => {
    for (const long of ['x', '{"', '[    1.000000', '\u001b', 'FATA', '{"msg":"']) {
      const begun = performance.now();
      const [parsed] = parseConsole(long.repeat(2 ** 20 / long.length));
      expect(parsed?.message.length ?? 0, long).toBeLessThan(17_000);
      expect(performance.now() - begun, long).toBeLessThan(5_000);
    }
  });
});
