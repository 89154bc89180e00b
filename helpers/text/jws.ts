import { type KeyObject, sign } from 'node:crypto';

/** Header, payload and signature of a JWS, each in base64url. Source: RFC 7515, section 7.1. */
export type JwsParts = readonly [header: string, payload: string, signature: string];

/** JWS wants the two integers of an ECDSA signature one after the other, not in ASN.1. Source: RFC 7518, section 3.4. */
export const JWS_ENCODING = 'ieee-p1363';

/** Signs a payload with a key on the curve P-256 (ES256), whatever algorithm the header names. */
export function signJws(header: object, payload: string, key: KeyObject): JwsParts {
  const [head, body] = [base64url(JSON.stringify(header)), base64url(payload)];
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: JWS_ENCODING });
  return [head, body, signature.toString('base64url')];
}

/** Text in base64url. */
export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
