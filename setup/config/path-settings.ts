import { accessSync, closeSync, constants, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CONTAINERD_PROGRAMS, directoryOfContainerd } from '../../helpers/containerd/programs.ts';
import { messageOf } from '../../helpers/errors.ts';
import { givenPath, whyNoDirectory } from '../../helpers/given-path.ts';
import { GUEST_COMPONENTS } from '../../helpers/kata/guest-components.ts';
import { directoryOfNydus, NYDUS_PROGRAMS } from '../../helpers/nydus/snapshotter.ts';
import { parseContainersPolicy } from '../../helpers/oci/containers-policy.ts';
import { findProtoDirectory } from '../../protos/find.ts';
import { projectPath } from '../project.ts';

/** Parses the path of a readable regular file; `expected` describes it for the error about a directory. */
function readableFile(value: string, expected: string): string {
  const path = givenPath(value);
  const found = stat(path);
  if (found === undefined) throw new Error('no such file');
  if (found.isDirectory()) throw new Error(`it is a directory; expected the path of ${expected}`);
  if (!found.isFile()) throw new Error(`it is not a regular file; expected the path of ${expected}`);
  readable(path);
  return path;
}

/** Parses the path of an executable file. */
function executable(value: string): string {
  const path = readableFile(value, 'a program');
  if ((Number(stat(path)?.mode) & 0o111) === 0) throw new Error('this file is not executable; chmod +x makes it so');
  return path;
}

/**
 * Returns a parser of a program's path that also accepts keywords; an error for a value without a slash, which may be a
 * misspelt keyword, names them.
 */
export function programOr(keywords: readonly string[], what: string): (value: string) => string {
  return (value) => {
    if (keywords.includes(value)) return value;
    try {
      return executable(value);
    } catch (error) {
      if (value.includes('/') || !(error instanceof Error)) throw error;
      const expected = [...keywords, `${keywords.length === 0 ? '' : 'or '}the path of ${what}`].join(', ');
      throw new Error(`${error.message}; expected ${expected}`, { cause: error });
    }
  };
}

/** Parses the path of an image policy. */
export function policyFile(value: string): string {
  const path = readableFile(value, 'a policy.json');
  const text = readFileSync(path, 'utf8');
  if (text.startsWith('\ufeff'))
    throw new Error('it begins with a byte order mark (BOM); save it as UTF-8 without one');
  parseContainersPolicy(text);
  return path;
}

/** Parses the path of a readable directory. */
export function readableDirectory(value: string): string {
  const path = givenPath(value);
  const found = stat(path);
  if (found === undefined) throw new Error('no such directory');
  if (!found.isDirectory()) throw new Error('it is not a directory');
  readable(path);
  return path;
}

/** Parses the path of a Kubernetes bundle, whose programs may be on this machine as well. */
export function kubernetesDirectory(value: string): string {
  const path = readableDirectory(value);
  if (['bin', 'images'].some((name) => stat(join(path, name))?.isDirectory())) return path;
  throw new Error(
    "it has neither bin/ nor images/; expected Kubernetes' programs in bin/ and image archives in images/",
  );
}

/** Parses `source`, or the path of a directory with the programs of {@link GUEST_COMPONENTS}. */
export function guestComponentsDirectory(value: string): string {
  if (value === 'source') return value;
  const path = readableDirectory(value);
  for (const name of GUEST_COMPONENTS) {
    try {
      checkedProgram(path, name);
    } catch (error) {
      throw new Error(`${messageOf(error)}; expected programs named ${GUEST_COMPONENTS.join(' and ')}`, {
        cause: error,
      });
    }
  }
  return path;
}

/** Parses `distro`, `source`, or the path of a directory with containerd's programs, or of the containerd in it; returns the directory. */
export function containerdDirectory(value: string): string {
  if (['distro', 'source'].includes(value)) return value;
  return directoryWith(value, {
    programs: CONTAINERD_PROGRAMS,
    directoryOf: directoryOfContainerd,
    keywords: 'distro, source',
  });
}

/** Parses `source`, or the path of a directory with nydus-snapshotter's programs, or of the snapshotter in it; returns the directory. */
export function nydusDirectory(value: string): string {
  if (value === 'source') return value;
  return directoryWith(value, { programs: NYDUS_PROGRAMS, directoryOf: directoryOfNydus, keywords: 'source' });
}

/** Programs that are expected in one directory. */
interface ProgramsTogether {
  readonly programs: readonly string[];
  /** The directory that a path means. */
  readonly directoryOf: (path: string, isDirectory: boolean) => string;
  /** The values of the setting that are no paths, for errors. */
  readonly keywords: string;
}

function directoryWith(value: string, { directoryOf, keywords, programs }: ProgramsTogether): string {
  const path = givenPath(value);
  const directory = directoryOf(path, stat(path)?.isDirectory() ?? false);
  const expected = `${keywords}, or the path of a directory with ${programs.join(', ')}, or of the ${programs[0]} in it`;
  try {
    readableDirectory(directory);
    for (const name of programs) checkedProgram(directory, name);
  } catch (error) {
    throw new Error(`${messageOf(error)}; expected ${expected}`, { cause: error });
  }
  return directory;
}

/** Throws an error that names the program, unless a directory has it. */
function checkedProgram(directory: string, name: string): void {
  try {
    executable(join(directory, name));
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

/** Parses the path of a Kata checkout, or of a directory in it, with the agent's protos. */
export function protosDirectory(value: string): string {
  const path = readableDirectory(value);
  findProtoDirectory(path);
  return path;
}

/** First bytes of the archives that tar extracts: xz, gzip, bzip2 and zstd. */
const COMPRESSED = ['fd377a585a00', '1f8b', '425a68', '28b52ffd'];
/** Offset of `ustar` in a tar archive without compression. */
const USTAR = 257;

/** Parses the path of a kernel source: a directory or an archive. Whether it exists is checked when it is used. */
export function kernelSource(value: string): string {
  const path = givenPath(value);
  const found = stat(path);
  if (found === undefined || found.isDirectory()) return path;
  if (!found.isFile() || !isArchive(path)) throw new Error('it is neither a directory nor a tar archive');
  return path;
}

function isArchive(path: string): boolean {
  const head = Buffer.alloc(USTAR + 5);
  readable(path);
  const file = openSync(path, 'r');
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return (
    COMPRESSED.some((magic) => head.toString('hex').startsWith(magic)) || head.toString('latin1', USTAR) === 'ustar'
  );
}

/** Parses the path of the job summary, to which the report is appended at the end of a run. */
export function summaryFile(value: string): string {
  const path = givenPath(value);
  const found = stat(path);
  if (found?.isDirectory()) throw new Error('it is a directory; expected the path of a file');
  const parent = dirname(path);
  if (found === undefined && !stat(parent)?.isDirectory()) throw new Error(`there is no directory ${parent}; unset it`);
  try {
    accessSync(found === undefined ? parent : path, constants.W_OK);
  } catch {
    throw new Error('it cannot be written; check its permissions, or unset it');
  }
  return path;
}

/** Directories of the operating system, which this project must not fill and prune. Source: hier(7). */
const OF_SYSTEM =
  /^\/(?:(?:bin|boot|dev|etc|home|lib(?:32|64|x32)?|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?|home\/[^/]+|usr\/(?:bin|include|lib|libexec|local|sbin|share|src)|usr\/local\/\w+|var\/(?:cache|lib|log|mail|opt|run|spool|tmp))$/;

/** A path without symbolic links; the path itself if there is nothing. */
export function realPath(path: string): string {
  return stat(path) === undefined ? path : realpathSync(path);
}

/** Parses the path of a directory that this project creates, fills and prunes. */
export function ownDirectory(example: string): (value: string) => string {
  return (value) => {
    const path = givenPath(value);
    const problem = whyNoDirectory(path);
    if (problem !== undefined) throw new Error(problem);
    const real = realPath(path);
    const shared = [path, real].some(
      (each) => OF_SYSTEM.test(each) || [homedir(), resolve(projectPath('.'))].includes(each),
    );
    if (shared)
      throw new Error(
        `other programs or you keep files in it; set a directory of its own, such as ${join(path, example)}`,
      );
    return path;
  };
}

/** Parses the path of the cache. */
export function cacheDirectory(value: string): string {
  const path = ownDirectory('kata-cc')(value);
  if (path.includes(':'))
    throw new Error('expected a path without a colon, which separates paths from names in skopeo');
  return path;
}

function stat(path: string): ReturnType<typeof statSync> | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function readable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new Error('it exists but cannot be read; check its permissions');
  }
}
