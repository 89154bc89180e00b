import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactor, redactValue } from './secrets.ts';

const SECRET = 'tester:s3cret/p+ss"word';
const redact = redactor([SECRET]);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('redaction of secrets', () => {
  test.for([
    ['in plain text, at every occurrence', `a ${SECRET} and ${SECRET} again`],
    ['without its user', 'only s3cret/p+ss"word'],
    ['in JSON', JSON.stringify({ creds: SECRET })],
    ['in a URL', `http://x/?c=${encodeURIComponent(SECRET)}`],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['in base64, as in a registry auth file', `{"auth":"${base64(SECRET)}"}`],
    [
      'inside longer base64, as in a pull secret',
      base64(JSON.stringify({ auths: { 'r.io': { auth: base64(SECRET) } } })),
    ],
  ])('a secret is redacted %s', ([, text = '']) => {
    const said = redact(text);
    expect(said).toContain('******');
    expect(said).not.toContain('s3cret');
    expect(said).not.toContain(base64(SECRET).slice(4, -6));
    // The remaining base64, decoded, does not reveal the password either.
    expect(Buffer.from(said.replaceAll('******', ''), 'base64').toString()).not.toContain('s3cret');
  });

  test('credentials in headers, flags and fields are redacted even if the secret is unknown', () => {
    const none = redactor([]);
    expect(none('Authorization: Basic dXNlcjpwYXNz')).toBe('Authorization: Basic ******');
    expect(none('skopeo copy --src-creds user:pass docker://x')).toBe('skopeo copy --src-creds ****** docker://x');
    expect(none('{"auth":"dXNlcjpwYXNz"}')).toBe('{"auth":"******"}');
    expect(none('https://user:pass@registry/x')).toBe('https://user:******@registry/x');
    expect(none('A=sealed.eyJhbGciOiJFUzI1NiJ9.eyJ2ZXJzaW9uIjoi_Q.c2ln-w, and')).toBe('A=sealed.******, and');
    expect(none(`kata:$2y$05$${'a/.Z0'.repeat(10)}abc`)).toBe('kata:$2y$05$******');
  });

  test('redactValue redacts secrets in nested values', () => {
    expect(redactValue({ a: [`x${SECRET}`], n: 1, none: null }, redact)).toEqual({ a: ['x******'], n: 1, none: null });
  });

  test('a secret is redacted inside base64 at every alignment, whatever surrounds it', () => {
    const secret = 'correct-horse-battery';
    const without = redactor([secret]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(without(base64(before + secret + after))).toContain('******');
      }),
    );
  });
});

const KEY = `_json_key:{
  "type": "service_account",
  "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADAN/Bgkq+hkiG9w0BAQ=\\n-----END PRIVATE KEY-----\\n",
  "client_email": "püller@project.example"
}
`;

describe('redaction of unusual passwords', () => {
  const FORMS: readonly (readonly [form: string, of: (credentials: string) => string])[] = [
    ['as it is', (text) => `creds ${text} used`],
    ['with blanks cut off', (text) => `creds ${text.trim()} used`],
    ['in JSON', (text) => JSON.stringify({ creds: text })],
    [
      'in a log in JSON that quotes a command',
      (text) => JSON.stringify({ msg: `skopeo "--src-creds" ${JSON.stringify(text)}` }),
    ],
    [
      'in JSON as Go writes it',
      (text) => JSON.stringify(text).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'),
    ],
    ['in a URL', (text) => `https://r.example/?c=${encodeURIComponent(text)}`],
    ['in a URL as Go writes it', (text) => `https://r.example/?${new URLSearchParams({ c: text })}`],
    ['in a header', (text) => `Authorization: Basic ${base64(text)}`],
    ['in base64 alone', (text) => `(${base64(text)})`],
    ['as a word of a shell', (text) => `skopeo copy --src-creds '${text.replaceAll("'", "'\\''")}' docker://x`],
    ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
    [
      'line by line, each behind a sign',
      (text) =>
        text
          .split('\n')
          .map((line) => `+   ${line}`)
          .join('\n'),
    ],
  ];
  /** Credentials in many forms, each with pieces of the password that must not remain after redaction. */
  const PASSWORDS: readonly (readonly [name: string, credentials: string, pieces: readonly string[]])[] = [
    ['the JSON key of a registry', KEY, ['MIIEvQIBADAN', 'hkiG9w0BAQ', 'service_account', 'ller@project']],
    ['line ends', 'puller:first-line\nsecond-line\r\nthird-line', ['first-line', 'second-line', 'third-line']],
    ['blanks', 'puller: my long pass phrase ', ['long pass']],
    ['quotes', `puller:it's"quoted"&<odd>`, ['quoted']],
    ['colons', 'puller:one:two:three', ['one:two', 'one%3Atwo']],
    ['letters beyond ASCII', 'puller:pässwörd-ключ', ['sswörd', 'ключ']],
    ['percent signs and backslashes', 'puller:100%\\\\n%20secret', ['20secret']],
  ];
  const cases = PASSWORDS.flatMap(([name, credentials, pieces]) =>
    FORMS.map(([form, of]) => ({ name, form, text: of(credentials), credentials, pieces })),
  );
  test.for(cases)('a password with $name is redacted $form', ({ credentials, pieces, text }) => {
    const said = redactor([credentials])(text);
    expect(said).toContain('******');
    for (const piece of pieces) {
      expect(said).not.toContain(piece);
      expect(Buffer.from(said.replaceAll(/[*()]/g, ''), 'base64').toString()).not.toContain(piece);
      expect(Buffer.from(said.replaceAll('*', ''), 'hex').toString()).not.toContain(piece);
    }
  });
});

describe('redaction of short and blank passwords', () => {
  const REPORT = 'a report  with    blanks: a test of a pass, and what is in it';

  test.for(['user:a', 'user:test', 'user:    ', 'deploy-robot: ', 'u:a'])(
    'the short or blank password in %j does not change other text',
    (credentials) => {
      expect(redactor([credentials])(REPORT)).toBe(REPORT);
    },
  );

  test.for(['user:a', 'user:test', 'user:    ', 'deploy-robot: ', 'u:a'])(
    'the credentials %j are redacted in headers, fields and flags',
    (credentials) => {
      const redact = redactor([credentials]);
      expect(redact(`Authorization: Basic ${base64(credentials)}`)).toBe('Authorization: Basic ******');
      expect(redact(JSON.stringify({ sourceCreds: credentials }))).toBe('{"sourceCreds":"******"}');
      expect(redact(`skopeo copy --src-creds '${credentials}' docker://x`)).not.toContain(credentials);
      expect(redact(`skopeo copy --src-creds '${credentials}' docker://x`)).toMatch(/--src-creds '?\*{6}'? docker/);
    },
  );

  test('a short password is redacted in any text beside its user name', () => {
    expect(redactor(['user:test'])('creds user:test, test')).toBe('creds ******, test');
    expect(redactor(['user:    '])('creds user:    , test')).toBe('creds ******, test');
  });
});

test('redaction does not change a text without secrets', () => {
  const text = 'image docker.io/library/busybox:latest pulled, "auth" is a word, http://host:5000/v2/';
  expect(redactor(['', 'abc', SECRET])(text)).toBe(text);
});

test('a token (JWT) is redacted wherever it occurs, without being known', () => {
  const text = 'token=eyJhbGciOiJFUzI1NiJ9.eyJyb2xlIjoiYWRtaW4ifQ.c2lnbmF0dXJl, next';
  expect(redactor([])(text)).toBe('token=eyJ******, next');
  expect(redactor([])('eyJhbGciOiJFUzI1NiJ9.json')).toBe('eyJhbGciOiJFUzI1NiJ9.json');
});
