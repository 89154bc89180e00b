import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSignedByItsKey, readJwt, signJwt } from './jwt.ts';

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = own.publicKey.export({ format: 'jwk' });

test('readJwt reads the claims and the header that signJwt signed', () => {
  const token = signJwt({ role: 'admin' }, own.privateKey, { jwk });
  expect(readJwt(token)).toEqual({ header: { alg: 'ES256', typ: 'JWT', jwk }, claims: { role: 'admin' } });
});

test('isSignedByItsKey accepts a token that the key in its header signed', () => {
  expect(isSignedByItsKey(signJwt({}, own.privateKey, { jwk }))).toBe(true);
});

test.for<[string, string]>([
  ['that another key signed', signJwt({}, other.privateKey, { jwk })],
  ['without a key in its header', signJwt({}, own.privateKey)],
  ['whose claims were replaced', signJwt({}, own.privateKey, { jwk }).replace(/\..*\./, '.e30K.')],
])('isSignedByItsKey rejects a token %s', ([, token]) => {
  expect(isSignedByItsKey(token)).toBe(false);
});
