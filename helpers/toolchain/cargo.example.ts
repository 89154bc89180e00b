import { homedir } from 'node:os';
import { join } from 'node:path';
import { firstExecutable } from '../files.ts';
import { whyNoSandbox } from '../isolation/sandbox.example.ts';
import { type Cargo, identifyCargo } from './cargo.ts';

/** Why tests of isolated builds with cargo cannot run on this machine; `undefined` if they can. */
export async function whyNoIsolation(): Promise<string | undefined> {
  return (await whyNoSandbox()) ?? (await whyNoCargo());
}

/** Why tests of builds with cargo cannot run on this machine; `undefined` if they can. */
export async function whyNoCargo(): Promise<string | undefined> {
  return (await cargoPath()) === undefined ? 'cargo is not installed' : undefined;
}

/** This machine's cargo, with an empty directory as its CARGO_HOME and a registry token in its environment. */
export async function cargoWith(cargoHome: string): Promise<Cargo> {
  const env = { CARGO_HOME: cargoHome, RUSTUP_HOME: join(homedir(), '.rustup'), CARGO_REGISTRY_TOKEN: 'a token' };
  return identifyCargo((await cargoPath()) ?? 'cargo', env);
}

function cargoPath(): Promise<string | undefined> {
  return firstExecutable([join(homedir(), '.cargo/bin/cargo'), '/usr/local/bin/cargo', '/usr/bin/cargo']);
}
