import { describe, expect, test } from 'vitest';
import { readGoFields } from '../guest-console/go-log.ts';
import { readGoString } from './go-quote.ts';

const value = (text: string): string | undefined => readGoString(text)?.value;

// The expected values are the results of strconv.Unquote of Go 1.24, with bytes that are not UTF-8 as \xNN.
describe("Go's string literals", () => {
  test.for([
    ['quotes and backslashes', String.raw`"a \"b\" \\c"`, String.raw`a "b" \c`],
    ['escapes of one letter', String.raw`"\a\b\f\n\r\t\v"`, '\u0007\b\f\n\r\t\v'],
    ['bytes that are UTF-8', String.raw`"caf\xc3\xa9"`, 'café'],
    ['bytes of ISO-8859-1, kept visible', String.raw`"acc\xe8s refus\xe9"`, String.raw`acc\xe8s refus\xe9`],
    ['valid and invalid bytes side by side', String.raw`"\xe2\x82\xac\xe2\x82 \xff"`, String.raw`€\xe2\x82 \xff`],
    ['octal bytes', String.raw`"\000\101\377"`, `${'\u0000'}A${String.raw`\xff`}`],
    ['code points', String.raw`"\u20ac \U0001f600 \ufeff"`, '€ 😀 \ufeff'],
    ['text that needs no escape', '"Zugriff verweigert für é 😀"', 'Zugriff verweigert für é 😀'],
    ['a raw string', '`C:\\new "x"\r`', 'C:\\new "x"'],
    ['nothing', '""', ''],
  ] as const)('readGoString parses the Go string literal %s', ([, text, expected]) => {
    expect(readGoString(text)).toEqual({ value: expected, end: text.length });
  });

  test.for([
    String.raw`"\q"`,
    String.raw`"\'"`,
    String.raw`"\x0g"`,
    String.raw`"\08"`,
    String.raw`"\400"`,
    String.raw`"\ud800"`,
    String.raw`"\U00110000"`,
    '"no end',
    String.raw`"no end\"`,
    '"two\nlines"',
    '`no end',
    'none',
    '',
  ])('readGoString returns undefined for %j, which is no Go string literal', (text) => {
    expect(value(text)).toBeUndefined();
  });

  test('readGoString stops at the closing quote of a Go string literal', () => {
    expect(readGoString('msg="a\\"b" error="c"', 4)).toEqual({ value: 'a"b', end: 10 });
  });
});

describe("logrus' and slog's text format", () => {
  test('readGoFields reads a logrus line with fields after the message', () => {
    const line = String.raw`time="2026-01-02T03:04:05Z" level=warning msg="a b" error="x \xe8=\"1\"" n=5 empty= raw="q r"`;
    expect(readGoFields(line)).toEqual({
      time: '2026-01-02T03:04:05Z',
      level: 'warning',
      msg: 'a b',
      error: String.raw`x \xe8="1"`,
      n: '5',
      empty: '',
      raw: 'q r',
    });
  });

  test('readGoFields reads an slog line with quoted keys', () => {
    expect(readGoFields('time=2026-01-02T03:04:05.678Z level=ERROR msg=down "the host"=x')).toEqual({
      time: '2026-01-02T03:04:05.678Z',
      level: 'ERROR',
      msg: 'down',
      'the host': 'x',
    });
  });

  test('readGoFields appends text of a log line that it cannot parse to the value before', () => {
    expect(readGoFields(String.raw`level=fatal msg="bad \q escape" x=1`)).toEqual({
      level: 'fatal',
      msg: String.raw`"bad \q escape" x=1`,
    });
    expect(readGoFields('level=fatal msg=two words')).toEqual({ level: 'fatal', msg: 'two words' });
    expect(readGoFields('level=fatal msg="cut off')).toEqual({ level: 'fatal', msg: '"cut off' });
  });

  test.for(['', 'free text', 'a b=c', '=x'])(
    'readGoFields returns undefined for %j, which does not begin with a field',
    (line) => {
      expect(readGoFields(line)).toBeUndefined();
    },
  );
});
