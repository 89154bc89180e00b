import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TargetName } from '../../../helpers/contract/target.ts';
import { run } from '../../../helpers/process/exec.ts';
import { loadConfig } from '../../config/config.ts';
import { gitStore } from '../../config/git-store.ts';
import { resolveBuilds } from '../../config/resolve-builds.ts';
import { withTarget } from '../../config/validated.ts';
import { exampleHost } from '../../host/example-host.ts';
import type { StepContext } from '../../step.ts';

type Files = Readonly<Record<string, string>>;

/** Creates a temporary directory that is removed after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-upstream-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a tree of files; those whose text begins with `#!` are executable. */
export async function writeTree(directory: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    if (text.startsWith('#!')) await chmod(file, 0o755);
  }
}

/** Creates a git repository with one tagged commit. */
export async function repository(directory: string, tag: string, files: Files): Promise<string> {
  await writeTree(directory, files);
  const git = ['git', '-C', directory, '-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  await run([...git, 'init', '--quiet', '--initial-branch=main']);
  await run([...git, 'add', '--all']);
  await run([...git, 'commit', '--quiet', '-m', tag]);
  await run([...git, 'tag', tag]);
  return directory;
}

/** The context of a step that builds from a local repository in place of Kata's. */
export async function contextFor(
  directory: string,
  target: TargetName,
  environment: Record<string, string>,
): Promise<{ readonly context: StepContext; readonly said: string[] }> {
  const config = withTarget(target, loadConfig({ KATA_CACHE_DIR: join(directory, 'cache'), ...environment }));
  const kata = { kind: 'local', path: join(directory, 'kata') } as const;
  const id = (await run(['git', '-C', kata.path, 'rev-parse', 'HEAD'])).stdout.trim();
  const packaging = { name: 'Kata', snapshot: { repository: kata, revision: 'main', id, uncommitted: 0 } };
  const builds = await resolveBuilds(config, {
    kata: () => Promise.resolve(packaging),
    cargo: async () => undefined,
    go: async () => undefined,
    store: gitStore(config),
  });
  const said: string[] = [];
  const context: StepContext = {
    config: { ...config, ...builds },
    host: exampleHost(),
    runId: 'test',
    runDir: directory,
    signal: new AbortController().signal,
    owned: new AsyncDisposableStack(),
    undoByRemoving: () => {},
    say: (text) => void said.push(text),
    result: () => {
      throw new Error('no step before this one');
    },
  };
  return { context, said };
}

/** The part of Kata's versions.yaml that this project reads. */
export function versionsYaml(kernel: string, qemu: { readonly url: string; readonly version: string }): string {
  return `assets:
  hypervisor:
    qemu:
      url: "${qemu.url}"
      version: "${qemu.version}"
  kernel:
    version: "v${kernel}"
`;
}
