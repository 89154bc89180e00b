/** containerd's runtime type of Kata's shim. On target `local` this name belongs to runc's shim. */
export const KATA_RUNTIME = 'io.containerd.kata.v2';

/** containerd's runtime handler for pods of the runtime class `kata`. */
export const KATA_HANDLER = 'kata';
