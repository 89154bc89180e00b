import { createPublicKey, type KeyObject, verify, type webcrypto } from 'node:crypto';
import { JWS_ENCODING, signJws } from '../text/jws.ts';

/** Claims of a token, or the fields of its header. */
export type Claims = Readonly<Record<string, unknown>>;

/** A JSON web token (RFC 7519) in its parts. */
export interface Jwt {
  readonly header: Claims & { readonly jwk?: webcrypto.JsonWebKey & { readonly x5c?: readonly string[] } };
  readonly claims: Claims;
}

/** Signs claims with a key on the curve P-256 (ES256). */
export function signJwt(claims: Claims, key: KeyObject, header: Claims = {}): string {
  return signJws({ alg: 'ES256', typ: 'JWT', ...header }, JSON.stringify(claims), key).join('.');
}

/** Reads a token without verifying its signature. Throws for a text that is no token. */
export function readJwt(token: string): Jwt {
  const [header = '', claims = ''] = token.split('.');
  return { header: decode(header) as Jwt['header'], claims: decode(claims) as Claims };
}

/** Whether the key in a token's header signed it. */
export function isSignedByItsKey(token: string): boolean {
  const { jwk } = readJwt(token).header;
  if (jwk === undefined) return false;
  const [header = '', claims = '', signature = ''] = token.split('.');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const text = Buffer.from(`${header}.${claims}`);
  return verify('sha256', text, { key, dsaEncoding: JWS_ENCODING }, Buffer.from(signature, 'base64url'));
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
