import type { KeyObject } from 'node:crypto';
import { type JwsParts, signJws } from '../text/jws.ts';

/** Begins the values that an agent lets its CDH unseal. Source: SEALED_SECRET_PREFIX of src/agent/src/confidential_data_hub/mod.rs. */
export const SEALED = 'sealed.';

/** The key that signs sealed secrets, and the key id by which a CDH finds its public half. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Signs a payload as a JWS with ES256. `alg` is the algorithm that the header names. */
export function signSecret(payload: string, { kid, privateKey }: SigningKey, alg = 'ES256'): JwsParts {
  return signJws({ alg, kid }, payload, privateKey);
}

/** A sealed secret as one text. */
export function sealed(parts: readonly string[]): string {
  return `${SEALED}${parts.join('.')}`;
}
