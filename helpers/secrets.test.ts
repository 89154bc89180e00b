import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactor, redactValue } from './secrets.ts';

const SECRET = 'tester:s3cret/p+ss"word';
const redact = redactor([SECRET]);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a secret is taken out', () => {
  test.for([
    ['as it is, however often', `a ${SECRET} and ${SECRET} again`],
    ['without its user', 'only s3cret/p+ss"word'],
    ['in JSON', JSON.stringify({ creds: SECRET })],
    ['in a URL', `http://x/?c=${encodeURIComponent(SECRET)}`],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['in base64, as registries want it', `{"auth":"${base64(SECRET)}"}`],
    [
      'inside longer base64, as a pull secret has it',
      base64(JSON.stringify({ auths: { 'r.io': { auth: base64(SECRET) } } })),
    ],
  ])('%s', ([, text = '']) => {
    const said = redact(text);
    expect(said).toContain('******');
    expect(said).not.toContain('s3cret');
    expect(said).not.toContain(base64(SECRET).slice(4, -6));
    // Not even to be decoded.
    expect(Buffer.from(said.replaceAll('******', ''), 'base64').toString()).not.toContain('s3cret');
  });

  test('and what only looks like one, too: headers, flags, fields', () => {
    const none = redactor([]);
    expect(none('Authorization: Basic dXNlcjpwYXNz')).toBe('Authorization: Basic ******');
    expect(none('skopeo copy --src-creds user:pass docker://x')).toBe('skopeo copy --src-creds ****** docker://x');
    expect(none('{"auth":"dXNlcjpwYXNz"}')).toBe('{"auth":"******"}');
    expect(none('https://user:pass@registry/x')).toBe('https://user:******@registry/x');
  });

  test('wherever it is in a value', () => {
    expect(redactValue({ a: [`x${SECRET}`], n: 1, none: null }, redact)).toEqual({ a: ['x******'], n: 1, none: null });
  });

  test('at every alignment of base64, whatever surrounds it', () => {
    const secret = 'correct-horse-battery';
    const without = redactor([secret]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(without(base64(before + secret + after))).toContain('******');
      }),
    );
  });
});

test('nothing else is touched', () => {
  const text = 'image docker.io/library/busybox:latest pulled, "auth" is a word, http://host:5000/v2/';
  expect(redactor(['', 'abc', SECRET])(text)).toBe(text);
});
