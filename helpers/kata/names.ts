/** containerd's runtime type of Kata's shim. On target `local` this name belongs to runc's shim. */
export const KATA_RUNTIME = 'io.containerd.kata.v2';

/** containerd's runtime handler for pods of the runtime class `kata`. */
export const KATA_HANDLER = 'kata';

/** The first path at which Kata looks for its configuration. */
export const KATA_CONFIGURATION = '/etc/kata-containers/configuration.toml';

/** Directory of drop-ins (`*.toml`), which Kata merges over its configuration in order of their names. */
export const KATA_DROP_INS = '/etc/kata-containers/config.d';
