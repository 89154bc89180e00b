/** Name under which containerd knows Kata's shim. On `local` runc's shim answers to it. */
export const KATA_RUNTIME = 'io.containerd.kata.v2';

/** Handler of the runtime class `kata`. */
export const KATA_HANDLER = 'kata';
