import { connect } from 'node:net';
import { messageOf } from '../errors.ts';
import { fileExists } from '../files.ts';
import { givenPath } from '../given-path.ts';
import type { Environment } from '../process/exec.ts';
import { type Endpoint, proxyFor } from './outbound-proxy.ts';

/** A git repository: a local path, or a URL that git can fetch from. */
export type Repository =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'remote'; readonly url: string };

/** Parses a repository: `github.com/owner/name`, any git URL, or a local path. */
export function parseRepository(text: string): Repository {
  if (/^(\/|\.{1,2}(\/|$)|~\/)/.test(text)) {
    return { kind: 'local', path: givenPath(text) };
  }
  if (text.startsWith('file://')) return { kind: 'local', path: decodeEscapes(text.slice('file://'.length)) };
  if (/^[a-z+]+:\/\//.test(text) || /^[\w.-]+@[\w.-]+:/.test(text)) return { kind: 'remote', url: text };
  if (/^[\w.-]+\.[a-z]+(:\d+)?\/./i.test(text)) return { kind: 'remote', url: `https://${text}` };
  throw new Error('expected github.com/owner/name, a git URL, or a path that begins with / or ./');
}

/** Decodes the path of a git URL; a per cent sign that does not begin an escape is literal, as in git. */
function decodeEscapes(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

/** A repository for display, without the credentials that its URL may contain. */
export function displayRepository(repository: Repository): string {
  return repository.kind === 'local' ? repository.path : repository.url.replace(/(?<=:\/\/)[^/@]*@/, '');
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, git: 9_418, ssh: 22 };

/** Scheme, host and TCP port of a git URL; `host:path` means ssh. */
export function endpointOf(url: string): Endpoint & { readonly scheme: string } {
  const [, scheme = 'ssh', host = '', port] =
    /^(?:([a-z]+)(?:\+\w+)?:\/\/)?(?:[^/@]*@)?([\w.-]+)(?::(\d+)(?=\/|$))?/.exec(url) ?? [];
  return { scheme, host, port: port === undefined ? (PORTS[scheme] ?? 443) : Number(port) };
}

/**
 * Why a git repository cannot be reached, using the proxies of `env`; `undefined` if a server accepts a connection.
 * Takes at most `timeoutMs`.
 */
export async function whyUnreachable(
  repository: Repository,
  env: Environment,
  timeoutMs: number,
): Promise<string | undefined> {
  if (repository.kind === 'local') {
    return (await fileExists(repository.path)) ? undefined : `${repository.path}: no such directory`;
  }
  const { scheme, ...server } = endpointOf(repository.url);
  const proxy = proxyFor(scheme, server, env);
  const { host, port } = proxy ?? server;
  const name = proxy === undefined ? host : `the proxy ${host}:${port}`;
  return new Promise((answer) => {
    const socket = connect({ host, port });
    const resolveConfig = (why: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      answer(why);
    };
    const timer = setTimeout(() => resolveConfig(`${name} does not answer within ${timeoutMs} ms`), timeoutMs);
    socket.once('connect', () => resolveConfig(undefined));
    socket.once('error', (error) => resolveConfig(`${name} cannot be reached (${messageOf(error)})`));
  });
}
