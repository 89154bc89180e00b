import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../../../helpers/files.ts';

/** Options of {@link watchDirectories}. */
export interface WatchOptions {
  /** The directories to watch, as they are now. Called again when one of them has changed. */
  readonly directories: () => Promise<readonly string[]>;
  /** Called with the paths that changed, after a moment without further changes. */
  readonly onChange: (paths: readonly string[]) => void;
  /** Called if the directories cannot be listed or watched; `undefined` when they can be again. */
  readonly onProblem: (problem: unknown) => void;
}

/** Time without a change after which changes are reported, in milliseconds: editors write a file in several steps. */
const QUIET_MS = 60;
/** Interval at which directories that cannot be listed are listed again, in milliseconds. */
const LOST_MS = 1_000;

/** Watches the files of directories until it is disposed. Resolves when all directories are watched. */
export async function watchDirectories(options: WatchOptions): Promise<Disposable> {
  const watching = new WatchedDirectories(options);
  await watching.update();
  return watching;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** Identifies the directory: another one may take its place. */
  readonly identity: string;
}

class WatchedDirectories implements Disposable {
  readonly #options: WatchOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #lost = false;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Watches the directories that there are now. */
  async update(): Promise<void> {
    try {
      const wanted = await identitiesOf(await this.#options.directories());
      if (this.#closed) return;
      for (const [directory, { identity }] of this.#watched)
        if (wanted.get(directory) !== identity) this.#close(directory);
      for (const [directory, identity] of wanted) if (!this.#watched.has(directory)) this.#open(directory, identity);
      if (!this.#lost) return;
      this.#lost = false;
      this.#options.onProblem(undefined);
      this.#options.onChange([]);
    } catch (problem) {
      if (this.#closed) return;
      if (!this.#lost) this.#options.onProblem(problem);
      this.#lost = true;
      this.#later(LOST_MS);
    }
  }

  #open(directory: string, identity: string): void {
    const watcher = watch(directory, (_event, name) => {
      this.#changed.add(name === null ? directory : join(directory, name));
      this.#later(QUIET_MS);
    });
    this.#watched.set(directory, { watcher, identity });
    // The directory is gone: the next listing shows what is there instead.
    watcher.on('error', () => {
      this.#close(directory);
      this.#later(QUIET_MS);
    });
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#report(), ms);
  }

  async #report(): Promise<void> {
    const paths = [...this.#changed];
    this.#changed.clear();
    await this.update();
    if (!this.#closed && !this.#lost && paths.length > 0) this.#options.onChange(paths);
  }

  #close(directory: string): void {
    this.#watched.get(directory)?.watcher.close();
    this.#watched.delete(directory);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const directory of [...this.#watched.keys()]) this.#close(directory);
  }
}

/** What identifies directories, by path; one that is gone meanwhile is left out. */
async function identitiesOf(directories: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    directories.map(async (path) => {
      const now = await ifThere(stat(path, { bigint: true }));
      // A new directory can get the inode of the removed one, but not its time of creation.
      return now === undefined ? [] : [[path, `${now.ino} ${now.birthtimeNs}`] as const];
    }),
  );
  return new Map(found.flat());
}
