import { chmod, chown, copyFile, lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { run } from '../process/exec.ts';
import { BUILD_ID } from './sandbox.ts';

/** Makes directories and all they contain belong to the user of builds. */
export async function giveToBuild(directories: readonly string[]): Promise<void> {
  if (directories.length === 0) return;
  // Links themselves change their owner, not the files that they name.
  await run(['chown', '-R', '--no-dereference', `${BUILD_ID}:${BUILD_ID}`, '--', ...directories]);
}

/** Makes a tree that a build has left belong to this process's user, who alone may change it. */
export async function takeTree(directory: string): Promise<void> {
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  await run(['chown', '-R', '--no-dereference', owner, '--', directory]);
  // Links that chmod finds in the tree are left alone.
  await run(['chmod', '-R', 'go-w,ug-s', '--', directory]);
}

/**
 * Copies a program that a build has made, at `path` below `directory`, to `target`. Throws if it is a link, or below one:
 * a build could name any file of this machine that way.
 */
export async function takeProgram(directory: string, path: string, target: string): Promise<void> {
  const source = join(directory, path);
  const there = join(await realpath(directory), path);
  if ((await realpath(source)) !== there) {
    throw new HarnessError('build', `${source}: the build made a link of it, not a program`);
  }
  if (!(await lstat(source)).isFile()) throw new HarnessError('build', `${source}: the build made no file of it`);
  await copyFile(source, target);
  // copyFile keeps owner and mode.
  await chown(target, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  await chmod(target, 0o755);
}

/**
 * Throws if a file of this name in a source is a link. A tool that writes the file as this process's user follows links, also
 * those that a build has made.
 */
export async function rejectLinks(source: string, name: string): Promise<void> {
  const { stdout } = await run(['find', source, '-name', name, '-type', 'l', '-print', '-quit']);
  if (stdout !== '')
    throw new HarnessError('build', `${stdout.trim()}: it is a link, through which other files could be overwritten`);
}
