import gte from 'semver/functions/gte.js';
import lt from 'semver/functions/lt.js';

/**
 * Version of the crate ttrpc in an agent's executable; `undefined` if the executable does not name it. The paths of
 * Rust's panic locations contain it (`.../ttrpc-0.8.1/src/...`), also in stripped executables.
 */
export function ttrpcVersionIn(program: Buffer): string | undefined {
  return /\/ttrpc-(\d+\.\d+\.\d+)\/src\//.exec(program.toString('latin1'))?.[1];
}

/**
 * Whether a version of the crate ttrpc fails to listen if the kernel refuses SO_REUSEPORT for its socket. 0.5.1 ignores
 * the error, and 0.8.4 no longer sets the option on vsock and unix sockets. Source: `do_bind` in the crate's
 * src/common.rs.
 */
export function insistsOnReusePort(ttrpc: string): boolean {
  return gte(ttrpc, '0.5.2') && lt(ttrpc, '0.8.4');
}
