import type { TomlEdit } from '../text/toml-edit.ts';

/** Kata's runtimes, each with a shim of its own: in Go, and runtime-rs in Rust. */
export const KATA_RUNTIMES = ['go', 'rs'] as const;

export type KataRuntime = (typeof KATA_RUNTIMES)[number];

/** What of a runtime is different on its host. */
export interface RuntimeOnHost {
  /** The runtime in words, for messages. */
  readonly name: string;
  /** The first path at which the shim looks for its configuration. */
  readonly configuration: string;
  /** Directory of drop-ins (`*.toml`), which the shim merges over its configuration in order of their names. */
  readonly dropIns: string;
  /** Directory of running sandboxes, which has one directory for each. */
  readonly sandboxes: string;
  /** Unix socket of a sandbox's guest console. */
  readonly console: (sandboxId: string) => string;
  /** The edit of the configuration that sets how long the shim waits for an agent. */
  readonly dialTimeout: (timeoutMs: number) => TomlEdit;
}

const GO_SANDBOXES = '/run/vc/sbs';
/** The Go runtime's directory of VMs, one for each sandbox. */
export const GO_VMS = '/run/vc/vm';
const RS_SANDBOXES = '/run/kata';

/**
 * The runtimes on their host. Sources: for Go virtcontainers' store and pkg/katautils/config.go of src/runtime; for rs
 * KATA_PATH and DEFAULT_RUNTIME_CONFIGURATIONS of src/libs/kata-types, JAILER_ROOT of src/runtime-rs/crates/hypervisor, and
 * docs/migrating-config-go-runtime-to-runtime-rs.md.
 */
export const RUNTIME_ON_HOST: Readonly<Record<KataRuntime, RuntimeOnHost>> = {
  go: {
    name: 'the Go runtime',
    configuration: '/etc/kata-containers/configuration.toml',
    dropIns: '/etc/kata-containers/config.d',
    sandboxes: GO_SANDBOXES,
    console: (sandboxId) => `${GO_VMS}/${sandboxId}/console.sock`,
    dialTimeout: (timeoutMs) => ({ path: ['agent', 'kata', 'dial_timeout'], value: Math.ceil(timeoutMs / 1_000) }),
  },
  rs: {
    name: 'runtime-rs',
    configuration: '/etc/kata-containers/runtime-rs/configuration.toml',
    dropIns: '/etc/kata-containers/runtime-rs/config.d',
    sandboxes: RS_SANDBOXES,
    console: (sandboxId) => `${RS_SANDBOXES}/${sandboxId}/root/console.sock`,
    // Its dial_timeout_ms is the pause between two attempts.
    dialTimeout: (timeoutMs) => ({ path: ['agent', 'kata', 'reconnect_timeout_ms'], value: Math.ceil(timeoutMs) }),
  },
};
