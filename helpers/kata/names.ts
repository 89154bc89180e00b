/** Name under which containerd knows Kata's shim. On `local` runc's shim answers to it. */
export const KATA_RUNTIME = 'io.containerd.kata.v2';

/** Handler of the runtime class `kata`. */
export const KATA_HANDLER = 'kata';

/** Where Kata looks for its configuration first. */
export const KATA_CONFIGURATION = '/etc/kata-containers/configuration.toml';

/** And what it lays over that, in the order of the names: `*.toml`. */
export const KATA_DROP_INS = '/etc/kata-containers/config.d';
