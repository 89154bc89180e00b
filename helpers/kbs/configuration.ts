import type { ServerCertificate } from '../registry/certificates.ts';

/** What a KBS is configured with. All paths are absolute. */
export interface KbsOptions {
  /** Directory in which the KBS keeps resources, policies, reference values and sessions. */
  readonly storage: string;
  /** Key with which the attestation service signs its tokens, and the authority that the KBS trusts for them. */
  readonly signer: { readonly key: string; readonly certificate: string; readonly authority: string };
  /** File with the public key, in PEM, of the admin's tokens. */
  readonly adminKey: string;
  /** Certificate with which the KBS serves HTTPS; plain HTTP without one. */
  readonly tls?: Pick<ServerCertificate, 'certificate' | 'key'> | undefined;
  /** Minutes for which an attestation token is valid; 5 by default, as upstream. The KBS accepts it for one minute more. */
  readonly tokenMinutes?: number | undefined;
}

/** Role of the admin in tokens and configuration. */
export const ADMIN = 'admin';

/**
 * Configuration of a KBS with the built-in attestation service, which listens on a free port of loopback and takes requests of admins
 * only with a token. Source: kbs/docs/config.md and kbs/docs/admin.md of trustee.
 */
export function kbsConfiguration({ adminKey, signer, storage, tls, tokenMinutes = 5 }: KbsOptions): object {
  return {
    http_server: {
      sockets: ['127.0.0.1:0'],
      worker_count: 2,
      ...(tls === undefined ? { insecure_http: true } : { private_key: tls.key, certificate: tls.certificate }),
    },
    admin: {
      authorization_mode: 'AuthenticatedAuthorization',
      authentication: { bearer_jwt: { identity_providers: [{ public_key_uri: adminKey }] } },
      authorization: { regex_acl: { acls: [{ role: ADMIN, allowed_endpoints: '^/kbs/v0/.+$' }] } },
    },
    attestation_token: { trusted_certs_paths: [signer.authority] },
    attestation_service: {
      type: 'coco_as_builtin',
      attestation_token_broker: {
        duration_min: tokenMinutes,
        signer: { key_path: signer.key, cert_path: signer.certificate },
      },
      rvps_config: { type: 'BuiltIn' },
    },
    storage_backend: { storage_type: 'LocalFs', backends: { local_fs: { dir_path: storage } } },
    plugins: [{ name: 'resource', storage_backend_type: 'kvstorage' }],
  };
}
