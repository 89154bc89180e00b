import { HarnessError } from '../errors.ts';
import type { Environment } from '../process/exec.ts';

/** Host and TCP port of a server. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Default port of a proxy in curl, and so in git. */
const DEFAULT_PORT = 1_080;

/**
 * The proxy with which curl, and so git, fetches a URL; `undefined` if it connects directly.
 *
 * @throws {HarnessError} if the variable is not a URL.
 */
export function proxyFor(scheme: string, endpoint: Endpoint, env: Environment): Endpoint | undefined {
  const name = `${scheme}_proxy`;
  const proxy = scheme === 'http' || scheme === 'https' ? env[name] : undefined;
  if (proxy === undefined || isExempt(endpoint, env['no_proxy'] ?? '')) return undefined;
  const url = /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (!URL.canParse(url)) {
    throw new HarnessError('proxy', `${name} is not the URL of a proxy; expected http://[user:password@]host:port`);
  }
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === '' ? DEFAULT_PORT : Number(port) };
}

/** Whether a `no_proxy` list of hosts and domains contains this endpoint. */
function isExempt({ host, port }: Endpoint, list: string): boolean {
  return list.split(',').some((entry) => {
    const [, name = '', only] = /^\s*(?:\*?\.)?(.*?)(?::(\d+))?\s*$/.exec(entry) ?? [];
    if (entry.trim() === '*') return true;
    if (name === '' || (only !== undefined && Number(only) !== port)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}
