import { type KeyObject, sign } from 'node:crypto';

/** Begins the values that an agent lets its CDH unseal. Source: SEALED_SECRET_PREFIX of src/agent/src/confidential_data_hub/mod.rs. */
export const SEALED = 'sealed.';

/** The key that signs sealed secrets, and the key id by which a CDH finds its public half. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Header, payload and signature of a sealed secret, each in base64url. */
export type SealedParts = readonly [header: string, payload: string, signature: string];

/** Signs a payload as a JWS with ES256. `alg` is the algorithm that the header names. Source: RFC 7515, section 7.1. */
export function signSecret(payload: string, { kid, privateKey }: SigningKey, alg = 'ES256'): SealedParts {
  const [header, body] = [JSON.stringify({ alg, kid }), payload].map(base64url) as [string, string];
  const signature = sign('sha256', Buffer.from(`${header}.${body}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return [header, body, signature.toString('base64url')];
}

/** A sealed secret as one text. */
export function sealed(parts: readonly string[]): string {
  return `${SEALED}${parts.join('.')}`;
}

/** Text in base64url. */
export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
