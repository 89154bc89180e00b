import type { KeyObject } from 'node:crypto';
import { HarnessError } from '../errors.ts';
import { base64url } from '../text/jws.ts';
import { ADMIN } from './configuration.ts';
import { signJwt } from './jwt.ts';
import { type KbsAddress, type KbsRequest, requestOfKbs } from './request.ts';

/** What the admin of a KBS does. Each call rejects with a HarnessError `kbs` unless the KBS answers 200. */
export interface KbsAdmin {
  /** Stores a resource by its path, `repository/type/tag`. */
  setResource(path: string, content: Buffer | string): Promise<void>;
  deleteResource(path: string): Promise<void>;
  /** Sets the policy, in Rego, that decides which resources a token gets. */
  setResourcePolicy(rego: string): Promise<void>;
  /** Sets the policy, in Rego, by which the attestation service appraises evidence of CPUs. */
  setAttestationPolicy(rego: string): Promise<void>;
  /** Registers reference values by name, with which policies compare evidence. */
  setReferenceValues(values: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Seconds for which a token of the admin is valid. */
const VALID_SECONDS = 3_600;

/** Id of the attestation policy for CPUs. Source: issue() of attestation-service/src/ear_token/broker.rs of trustee. */
const CPU_POLICY = 'default_cpu';

/** The admin of a KBS, with the private key of its tokens. */
export function kbsAdmin(kbs: () => KbsAddress, key: KeyObject): KbsAdmin {
  const send = async (request: Omit<KbsRequest, 'headers'>): Promise<void> => {
    const headers = { authorization: `Bearer ${adminToken(key)}`, 'content-type': 'application/json' };
    const { status, text } = await requestOfKbs(kbs(), { ...request, headers });
    if (status !== 200)
      throw new HarnessError('kbs', `${request.method} ${request.path}: the KBS answers ${status}: ${text}`);
  };
  const post = (path: string, body: object): Promise<void> =>
    send({ method: 'POST', path, body: JSON.stringify(body) });
  return {
    setResource: (path, content) => send({ method: 'POST', path: `resource/${path}`, body: content }),
    deleteResource: (path) => send({ method: 'DELETE', path: `resource/${path}` }),
    setResourcePolicy: (rego) => post('resource-policy', { policy: base64url(rego) }),
    setAttestationPolicy: (rego) => post('attestation-policy', { policy_id: CPU_POLICY, policy: base64url(rego) }),
    setReferenceValues: (values) => {
      const payload = Buffer.from(JSON.stringify(values)).toString('base64');
      return post('reference-value', { version: '0.1.0', type: 'sample', payload });
    },
  };
}

/** A token by which a KBS knows its admin. */
export function adminToken(key: KeyObject, role = ADMIN): string {
  const now = Math.floor(Date.now() / 1_000);
  return signJwt({ role, iat: now, exp: now + VALID_SECONDS }, key);
}
