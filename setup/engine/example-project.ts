import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A project whose files a test writes, in a directory whose path has a blank and an umlaut. */
export interface ExampleProject {
  /** Absolute path of the directory; another one for each test. */
  readonly directory: string;
  /** Writes a file; `path` is relative to the project. */
  write(path: string, text: string): Promise<void>;
  /** What `look` returns after a change of a file, which is undone afterwards. */
  changed<Out>(path: string, change: (text: string) => string, look: () => Promise<Out>): Promise<Out>;
}

/** Gives each test of the file an empty {@link ExampleProject}. */
export function exampleProject(): ExampleProject {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc köln '));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  return {
    get directory() {
      return directory;
    },
    write,
    async changed(path, change, look) {
      const before = await readFile(join(directory, path), 'utf8');
      await write(path, change(before));
      try {
        return await look();
      } finally {
        await write(path, before);
      }
    },
  };
}
