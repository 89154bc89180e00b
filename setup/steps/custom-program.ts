import { open } from 'node:fs/promises';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { defined } from '../../helpers/defined.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { HEADER_BYTES, whyNoProgram } from '../../helpers/process/elf.ts';
import { run } from '../../helpers/process/exec.ts';

const VERSION_TIMEOUT_MS = 8_000;

/** Exit code of a program that does not know an option, from clap, which parses the arguments of programs in Rust. */
const UNKNOWN_OPTION = 2;

/** A program of the user's, and what to expect of it. */
interface CustomProgram {
  /** Absolute path. */
  readonly path: string;
  /** Its file name upstream, for reports. */
  readonly name: string;
  /** What it has to be, for errors: `a KBS of trustee`. */
  readonly what: string;
  /** The setting that names it, and its value: `KATA_KBS=/path`. */
  readonly setting: string;
  /** Reads the version from its output for `--version`; `undefined` for the output of another program. */
  readonly parse: (output: string) => string | undefined;
  /** Accepts a program that does not know `--version`, as early releases of some. */
  readonly olderToo?: true;
}

/** Checks a program of the user's by its `--version`. Throws {@link ProvisionError} for a program that is another. */
export async function checkProgram(
  { name, olderToo, parse, path, setting, what }: CustomProgram,
  signal: AbortSignal,
): Promise<ComponentProgram> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ProvisionError(name, `${setting}: ${problem}`, { cause });
  };
  const problem = await whyNotRunnable(path);
  if (problem !== undefined) return fail(problem);
  const okCodes = olderToo ? [0, UNKNOWN_OPTION] : [0];
  const { exitCode, stdout } = await run([path, '--version'], { signal, timeoutMs: VERSION_TIMEOUT_MS, okCodes }).catch(
    (cause: unknown) => fail(`--version failed: ${messageOf(cause)}`, cause),
  );
  const version = exitCode === 0 ? parse(stdout) : undefined;
  if (version === undefined && exitCode === 0) {
    const printed = stdout === '' ? 'nothing' : JSON.stringify(stdout.split('\n', 1)[0]);
    return fail(`it is not ${what}: --version prints ${printed}`);
  }
  return { name, path, ...defined({ version }) };
}

/** Why a file cannot run on this machine, as far as its beginning shows it. */
export async function whyNotRunnable(path: string): Promise<string | undefined> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES));
  return whyNoProgram(buffer.subarray(0, bytesRead), process.arch);
}
