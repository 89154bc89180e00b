import { createPublicKey, type KeyObject, sign, verify, type webcrypto } from 'node:crypto';

/** Claims of a token, or the fields of its header. */
export type Claims = Readonly<Record<string, unknown>>;

/** A JSON web token (RFC 7519) in its parts. */
export interface Jwt {
  readonly header: Claims & { readonly jwk?: webcrypto.JsonWebKey & { readonly x5c?: readonly string[] } };
  readonly claims: Claims;
}

/** JWS wants the two integers of an ECDSA signature one after the other, not in ASN.1 (RFC 7518, section 3.4). */
const ENCODING = 'ieee-p1363';

/** Signs claims with a key on the curve P-256 (ES256). */
export function signJwt(claims: Claims, key: KeyObject, header: Claims = {}): string {
  const text = [{ alg: 'ES256', typ: 'JWT', ...header }, claims].map(encode).join('.');
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: ENCODING });
  return `${text}.${signature.toString('base64url')}`;
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
  return verify('sha256', text, { key, dsaEncoding: ENCODING }, Buffer.from(signature, 'base64url'));
}

function encode(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
