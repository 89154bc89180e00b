import { once } from 'node:events';
import { chmod, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { type PollOptions, poll } from '../poll.ts';
import type { ServerCertificate } from './certificates.ts';
import { answerFrom, type RegistryAnswer, type RepositoryContent } from './content.ts';

/** Faults between a guest and its registry. */
export type RegistryFault =
  /**
   * Closes the connection after the request, without a response. If the proxy closed it before, a Go client would
   * report EOF, a reset, or a closed idle connection, whichever it notices first.
   */
  | { readonly kind: 'down' }
  /** Sends layers slowly, at this many bytes a second. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Closes the connection after this many bytes of a layer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Changes one byte of each layer. */
  | { readonly kind: 'wrong-digest' }
  /** Sends a layer shorter than in its manifest, with a matching Content-Length. */
  | { readonly kind: 'truncated'; readonly bytes: number }
  /** Sends a manifest that never ends. */
  | { readonly kind: 'endless-manifest' }
  /** Answers requests for a manifest with 403 and this page in ISO-8859-1, like a company's proxy. */
  | { readonly kind: 'forbidden'; readonly page: string }
  /** Answers the first `times` requests for a manifest, or for a layer, with this status. */
  | {
      readonly kind: 'status';
      readonly status: 404 | 429 | 500 | 503;
      readonly of?: 'layer';
      readonly retryAfterSeconds: number;
      readonly times: number;
    }
  /** Redirects requests for a layer, as registries with separate storage do: to this URL, or to where the proxy serves it. */
  | { readonly kind: 'redirect'; readonly to?: string };

/** A proxy to a registry that injects faults. */
export interface FaultyRegistryProxy extends AsyncDisposable {
  /** Sets the fault from now on; `undefined` for none. */
  set(fault: RegistryFault | undefined): void;
  /**
   * Hosts of requests to it as an HTTP proxy, since the fault was set: clients that use it as a proxy name the host in the request line, and are
   * answered as by the registry itself.
   */
  readonly proxiedHosts: readonly string[];
  /** Serves a repository that the registry does not have, with the same faults. */
  serve(repository: string, content: RepositoryContent): void;
  /** Requests since the fault was set, as `GET manifest`, `GET layer` or `GET other`. */
  readonly asked: readonly string[];
  /** Waits for a request, named as in {@link asked}. */
  sees(what: string, options: PollOptions): Promise<void>;
}

/** Smallest size of a layer in bytes: a smaller blob is an image configuration. */
const LAYER_FROM = 65_536;
/** Target of a request: a path, to a proxy with the host before it. */
const REQUEST_LINE = /^(?:http:\/\/([^/]+))?(.*)$/;
/** Ends the URL to which the proxy redirects a request for a layer. */
const REDIRECTED = '?redirected';
const SLICES_PER_SECOND = 20;

/**
 * Listens on a unix socket and forwards to the registry at `address` (`HOST:PORT`, plain HTTP), applying the current fault. With a
 * certificate it serves TLS.
 */
export async function openFaultyRegistryProxy(
  socket: string,
  address: string,
  tls?: Pick<ServerCertificate, 'certificate' | 'key'>,
): Promise<FaultyRegistryProxy> {
  const [host = '', port = ''] = address.split(':');
  let fault: RegistryFault | undefined;
  let asked: string[] = [];
  let refused = 0;
  let proxiedHosts: string[] = [];
  const served = new Map<string, RepositoryContent>();

  const serve = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const [, proxied, path = ''] = REQUEST_LINE.exec(from.url ?? '') ?? [];
    from.url = path;
    if (proxied !== undefined) proxiedHosts.push(proxied);
    const manifest = /\/manifests\//.test(from.url ?? '');
    if (fault?.kind === 'status' && fault.of === undefined && manifest && refused < fault.times) {
      refused += 1;
      asked.push(`${from.method} manifest`);
      to.writeHead(fault.status, { 'retry-after': String(fault.retryAfterSeconds) }).end();
      return;
    }
    if (fault?.kind === 'forbidden' && manifest) {
      asked.push(`${from.method} manifest`);
      const body = Buffer.from(fault.page, 'latin1');
      to.writeHead(403, { 'content-type': 'text/html; charset=ISO-8859-1', 'content-length': body.length }).end(body);
      return;
    }
    const answer = answerFrom(served, from.method ?? '', from.url ?? '') ?? (await forward(from, host, Number(port)));
    const layer = from.method === 'GET' && !manifest && Number(answer.headers['content-length']) >= LAYER_FROM;
    asked.push(`${from.method} ${manifest ? 'manifest' : layer ? 'layer' : 'other'}`);
    if (fault?.kind === 'endless-manifest' && manifest && from.method === 'GET') return endless(answer, to);
    if (layer && fault?.kind === 'status' && fault.of === 'layer' && refused < fault.times) {
      refused += 1;
      answer.body.destroy();
      to.writeHead(fault.status, { 'retry-after': String(fault.retryAfterSeconds) }).end();
      return;
    }
    if (layer && fault?.kind === 'redirect' && !from.url?.endsWith(REDIRECTED)) {
      answer.body.destroy();
      to.writeHead(307, { location: fault.to ?? `${from.url}${REDIRECTED}` }).end();
      return;
    }
    if (layer && fault !== undefined) return markDirty(answer, to, fault);
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.body.pipe(to);
  };

  const listener = (from: IncomingMessage, to: ServerResponse): void => {
    if (fault?.kind === 'down') {
      to.destroy();
      return;
    }
    // If either side closes the connection, the proxy closes both: the guest sees the same as from a closing registry.
    serve(from, to).catch(() => to.destroy());
  };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ key: await readFile(tls.key), cert: await readFile(tls.certificate) }, listener);
  // skopeo tries TLS first, which an HTTP server reports as a client error.
  server.on('clientError', (_error, connection) => connection.destroy());
  await once(server.listen(socket), 'listening');
  await chmod(socket, 0o600);
  return {
    set(next) {
      fault = next;
      asked = [];
      refused = 0;
      proxiedHosts = [];
      // Idle connections are closed when the fault changes: a kept connection would outlast the fault, or escape it.
      server.closeIdleConnections();
    },
    serve: (repository, content) => {
      served.set(repository, content);
    },
    get asked() {
      return asked;
    },
    get proxiedHosts() {
      return proxiedHosts;
    },
    sees: async (what, options) => {
      await poll(`${what} at the registry`, () => (asked.includes(what) ? true : undefined), options);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(socket, { force: true });
    },
  };
}

function forward(from: IncomingMessage, host: string, port: number): Promise<RegistryAnswer> {
  return new Promise((resolve, reject) => {
    const { headers, method, url } = from;
    const onward = request({ host, port, method, path: url, headers: { ...headers, connection: 'close' } }, (answer) =>
      resolve({ statusCode: answer.statusCode, headers: answer.headers, body: answer }),
    );
    onward.once('error', reject);
    from.pipe(onward);
  });
}

async function endless(answer: RegistryAnswer, to: ServerResponse): Promise<void> {
  const { 'content-length': _, ...headers } = answer.headers;
  to.writeHead(200, headers);
  answer.body.resume();
  const blank = Buffer.alloc(65_536, ' ');
  while (!to.destroyed) {
    if (to.write(blank)) await delay(0);
    else await drained(to);
  }
}

async function drained(to: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(to, 'drain', { signal }), once(to, 'close', { signal })]);
  settled.abort();
}

async function markDirty(answer: RegistryAnswer, to: ServerResponse, fault: RegistryFault): Promise<void> {
  const whole = Number(answer.headers['content-length']);
  const length = fault.kind === 'truncated' ? fault.bytes : whole;
  to.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': length });
  let sent = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    if (to.destroyed) return;
    switch (fault.kind) {
      case 'cut':
        to.write(chunk.subarray(0, fault.afterBytes - sent));
        break;
      case 'truncated':
        to.write(chunk.subarray(0, Math.max(0, length - sent)));
        break;
      case 'slow':
        await drip(chunk, to, fault.bytesPerSecond);
        break;
      case 'wrong-digest':
        to.write(sent === 0 ? flipped(chunk) : chunk);
        break;
      default:
        to.write(chunk);
    }
    sent += chunk.length;
    if (fault.kind === 'cut' && sent >= fault.afterBytes) {
      // `end()` delivers what was written before the connection closes.
      to.socket?.end();
      return;
    }
  }
  to.end();
}

async function drip(chunk: Buffer, to: ServerResponse, bytesPerSecond: number): Promise<void> {
  const slice = Math.max(1, Math.floor(bytesPerSecond / SLICES_PER_SECOND));
  for (let at = 0; at < chunk.length && !to.destroyed; at += slice) {
    to.write(chunk.subarray(at, at + slice));
    await delay(1_000 / SLICES_PER_SECOND);
  }
}

/** A copy of a chunk with its last byte flipped; the header of the compressed layer stays valid. */
function flipped(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 0xff;
  return copy;
}
