import { ConfigError } from '../errors.ts';

/**
 * Where an agent listens, in the syntax of Kata's own configuration:
 * `unix:///path`, `hvsock:///path:PORT` (hybrid vsock: a unix socket that multiplexes ports, as Cloud Hypervisor,
 * Firecracker and vhost-device-vsock offer) or `vsock://CID:PORT`.
 */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'hvsock'; readonly path: string; readonly port: number }
  | { readonly kind: 'vsock'; readonly cid: number; readonly port: number };

/** Longest path of a unix socket on Linux (`sun_path` less the final NUL), in bytes. */
export const MAX_SOCKET_PATH = 107;

const MAX_U32 = 0xff_ff_ff_ff;

/** Parses an address. Throws a {@link ConfigError} that names the problem. */
export function parseAddress(text: string): Address {
  const [, scheme, rest] = /^([a-z]+):\/\/(.+)$/.exec(text) ?? [];
  switch (scheme) {
    case 'unix':
      return { kind: 'unix', path: socketPath(text, rest ?? '') };
    case 'hvsock': {
      const [, path, port] = /^(.*):(\d+)$/.exec(rest ?? '') ?? [];
      if (path === undefined || port === undefined)
        throw wrong(text, 'the port is missing: hvsock:///path/to/socket:1024');
      return { kind: 'hvsock', path: socketPath(text, path), port: number(text, 'port', port) };
    }
    case 'vsock': {
      const [, cid, port] = /^(\d+|-1):(\d+)$/.exec(rest ?? '') ?? [];
      if (cid === undefined || port === undefined)
        throw wrong(text, 'expected vsock://CID:PORT, for example vsock://3:1024');
      if (cid === '-1') throw wrong(text, 'CID -1 means "any" and can only be listened on');
      return { kind: 'vsock', cid: number(text, 'CID', cid), port: number(text, 'port', port) };
    }
    default:
      throw wrong(text, 'expected unix://PATH, hvsock://PATH:PORT or vsock://CID:PORT');
  }
}

/** The inverse of {@link parseAddress}. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'unix':
      return `unix://${address.path}`;
    case 'hvsock':
      return `hvsock://${address.path}:${address.port}`;
    case 'vsock':
      return `vsock://${address.cid}:${address.port}`;
  }
}

/** The address of the same guest with another port; `undefined` if the address has no ports (a plain unix socket). */
export function atPort(address: Address, port: number): Address | undefined {
  return address.kind === 'unix' ? undefined : { ...address, port };
}

function socketPath(text: string, path: string): string {
  if (!path.startsWith('/')) throw wrong(text, `the socket's path must be absolute, not ${JSON.stringify(path)}`);
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_SOCKET_PATH)
    throw wrong(text, `the socket's path has ${bytes} bytes, Linux allows ${MAX_SOCKET_PATH}`);
  return path;
}

function number(text: string, what: string, digits: string): number {
  const value = Number(digits);
  if (value > MAX_U32) throw wrong(text, `the ${what} must be at most ${MAX_U32}`);
  return value;
}

function wrong(text: string, problem: string): ConfigError {
  return new ConfigError(`address ${JSON.stringify(text)}: ${problem}`);
}
