import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** How this machine reaches a KBS. */
export interface KbsAddress {
  /** Host and port, `127.0.0.1:PORT`. */
  readonly address: string;
  /** Certificate of the authority of a KBS that serves HTTPS. */
  readonly authority?: string | undefined;
}

/** A request to a KBS, with a path below /kbs/v0. */
export interface KbsRequest {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** The answer of a KBS. */
export interface KbsAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const TIMEOUT_MS = 20_000;

/** Sends a request to a KBS and returns its answer, whatever its status. */
export async function requestOfKbs(
  { address, authority }: KbsAddress,
  { body, headers, method, path }: KbsRequest,
): Promise<KbsAnswer> {
  const [host, port] = address.split(':');
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const options = {
    host,
    port,
    method,
    path: `/kbs/v0/${path}`,
    headers: { ...headers },
    signal,
    agent: false,
  } as const;
  const sent = authority === undefined ? httpRequest(options) : httpsRequest({ ...options, ca: authority });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = (await buffer(answer)).toString();
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}
