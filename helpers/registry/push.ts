import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { HarnessError } from '../errors.ts';
import type { Blob } from '../oci/layer.ts';

/** A registry that takes content, and the certificate of its authority if it serves TLS. */
export interface PushTarget {
  /** Address of the registry, `HOST:PORT`. */
  readonly address: string;
  /** Certificate of the authority in PEM; without it the registry serves plain HTTP. */
  readonly authority?: string | undefined;
}

/** Blobs and the manifest that names them. Nothing checks that they fit: a registry that lacks a blob rejects the manifest. */
export interface PushedContent {
  readonly blobs: readonly Blob[];
  readonly manifest: Blob;
}

/**
 * Pushes content to a repository of a registry by the registry's API, byte for byte, and tags it. skopeo would reject what is no image, such
 * as an artefact or a damaged manifest. Source: OCI distribution-spec 1.1.
 */
export async function pushContent(
  target: PushTarget,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  { blobs, manifest }: PushedContent,
): Promise<void> {
  for (const blob of blobs) await pushBlob(target, repository, blob);
  const type = { 'content-type': manifest.mediaType };
  await send(target, 'PUT', `/v2/${repository}/manifests/${tag}`, {
    expected: 201,
    headers: type,
    body: manifest.bytes,
  });
}

async function pushBlob(target: PushTarget, repository: string, { bytes, digest }: Blob): Promise<void> {
  const begun = await send(target, 'POST', `/v2/${repository}/blobs/uploads/`, { expected: 202 });
  const location = new URL(begun.headers.location ?? '', `http://${target.address}`);
  location.searchParams.set('digest', digest);
  const path = location.href.slice(location.origin.length);
  const type = { 'content-type': 'application/octet-stream' };
  await send(target, 'PUT', path, { expected: 201, headers: type, body: bytes });
}

interface Sent {
  readonly expected: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

async function send(
  { address, authority }: PushTarget,
  method: string,
  path: string,
  { body, expected, headers = {} }: Sent,
): Promise<IncomingMessage> {
  const [host = '', port = ''] = address.split(':');
  const length = { 'content-length': String(body?.length ?? 0) };
  const options = { host, port, method, path, headers: { ...headers, ...length }, agent: false };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request =
      authority === undefined ? requestHttp(options, resolve) : requestHttps({ ...options, ca: authority }, resolve);
    request.once('error', reject).end(body);
  });
  const answer = await text(response);
  if (response.statusCode === expected) return response;
  const problem = `${method} ${path} on ${address}: status ${response.statusCode}, expected ${expected}: ${answer.trim()}`;
  throw new HarnessError('registry', problem);
}
