import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { secretsFound, secretsInFile } from './secret-search.example.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJyb2xlIjoiYWRtaW4ifQ.c2lnbmF0dXJl';
const inBase64 = (text: string): string => Buffer.from(text).toString('base64');
const SECRET = 'secret-0123456789abcdef';

test('secretsInFile finds keys, texts, credentials and bytes, and nothing in what is public', () => {
  expect(secretsInFile(Buffer.from(SECRET))).toEqual([SECRET]);
  expect(secretsInFile(Buffer.from(PEM))).toEqual(PEM.trim().split('\n').slice(1, -1));
  expect(secretsInFile(Buffer.from('{"auths":{"r.example":{"auth":"YWxpY2U6c2VjcmV0"}}}'))).toEqual([
    'YWxpY2U6c2VjcmV0',
  ]);
  const bytes = Buffer.concat([Buffer.from([0xff]), randomBytes(32)]);
  expect(secretsInFile(bytes)).toEqual([bytes.toString('base64'), bytes.toString('hex')]);
  expect(secretsInFile(Buffer.from(JSON.stringify(privateKey.export({ format: 'jwk' }))))).toHaveLength(1);
  for (const text of [
    JSON.stringify(publicKey.export({ format: 'jwk' })),
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'package policy\n\ndefault allow = false\n',
    '{"default": [{"type": "reject"}]}',
    'text',
  ]) {
    expect(secretsInFile(Buffer.from(text))).toEqual([]);
  }
});

test.for([
  ['nothing', '{"sourceCreds":"******"} sealed.****** Bearer ******', []],
  ['a secret', `env SECRET=${SECRET}`, ['a secret of 23 characters']],
  ['a secret in base64', Buffer.from(SECRET).toString('base64'), ['a secret of 23 characters']],
  ['a token', `authorization: Bearer ${TOKEN}`, ['a token (JWT)']],
  ['a token in a part of base64', inBase64(`{"token":"${TOKEN}"}`).slice(5), ['a token (JWT)']],
  ['a part of a private key in base64', inBase64(PEM).slice(0, 90), ['a private key in PEM']],
  ['a sealed secret', 'SECRET=sealed.fakejwsheader0123.payload.signature', ['a sealed secret']],
  ['a private key', PEM, ['a private key in PEM']],
  ['a private key in a JSON text', JSON.stringify({ tee_keypair: PEM }), ['a private key in PEM']],
  ['a private JWK', JSON.stringify(privateKey.export({ format: 'jwk' })), ['a private key in JSON']],
  ['a session', 'set-cookie: kbs-session-id=0123456789abcdef; Path=/', ['a session of a KBS']],
] as const)('secretsFound finds %s', ([, text, found]) => {
  expect(secretsFound(text, [SECRET])).toEqual(found);
});
