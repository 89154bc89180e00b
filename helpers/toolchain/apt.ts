import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { type Environment, type Finished, run } from '../process/exec.ts';

/** One suite of the host's distribution archive, from apt's configuration. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** Origins of the archives that this project uses; other package sources of the host are ignored. */
const ORIGINS = new Set(['Debian', 'Ubuntu']);

const FORMAT = '$(ORIGIN)|$(REPO_URI)|$(CODENAME)|$(SUITE)|$(COMPONENT)';

/**
 * The archives of the host's distribution release. Packages from these archives, unpacked for a guest, can run programs
 * built on the host, because they have the same C library.
 */
export async function distributionSources(codename: string, signal?: AbortSignal): Promise<AptSource[]> {
  const { stdout } = await run(['apt-get', 'indextargets', '--format', FORMAT, 'Identifier: Packages'], { signal });
  return parseIndexTargets(stdout, codename);
}

/**
 * The suites in the output of `apt-get indextargets`, lines of `origin|uri|codename|suite|component`. Throws if there
 * are none.
 */
export function parseIndexTargets(lines: string, codename: string): AptSource[] {
  const components = new Map<string, Set<string>>();
  for (const line of lines.split('\n')) {
    const [origin = '', uri = '', debianName = '', ubuntuName = '', component = ''] = line.split('|');
    if (!ORIGINS.has(origin)) continue;
    // The suite's name: Debian's suites have codenames of their own (bookworm-updates, whose suite is
    // oldstable-updates); Ubuntu's do not.
    const name = origin === 'Debian' ? debianName : ubuntuName;
    if (name !== codename && !name.startsWith(`${codename}-`)) continue;
    if (name.endsWith('-backports') || name.endsWith('-proposed')) continue;
    // An installation disc among the host's package sources is not available in a guest.
    if (uri.startsWith('cdrom:')) continue;
    const key = JSON.stringify([uri, name]);
    components.set(key, (components.get(key) ?? new Set()).add(component));
  }
  if (components.size === 0) {
    throw new HarnessError('apt', `apt knows no archive of ${codename}; run apt-get update, or add one to its sources`);
  }
  return [...components].map(([key, names]) => {
    const [uri = '', suite = ''] = JSON.parse(key) as string[];
    return { uri, suite, components: [...names].sort() };
  });
}

/** A suite of a distribution archive as a line of a sources.list. */
export function sourceLine({ components, suite, uri }: AptSource): string {
  return `deb ${uri} ${suite} ${components.join(' ')}`;
}

/** Names of the Debian packages on which a package depends. */
export async function dependenciesOf(name: string, signal?: AbortSignal): Promise<string[]> {
  const { stdout } = await run(['apt-cache', 'depends', '--important', name], { signal });
  return [...stdout.matchAll(/^\s*\|?Depends: (\S+)$/gm)].map(([, dependency = '']) => dependency);
}

const ENVIRONMENT = { DEBIAN_FRONTEND: 'noninteractive' };

/** apt-get without questions, which waits for another process's dpkg lock. */
const APT_GET = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'] as const;

/** Environment of apt's programs, and the signal that aborts them. */
export interface AptOptions {
  /** Proxies and certificates as environment variables. */
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** Runs apt-get without questions. */
export function aptGet(args: readonly string[], { env, signal }: AptOptions): Promise<Finished> {
  return run([...APT_GET, ...args], { env: { ...ENVIRONMENT, ...env }, signal });
}

/** Downloads a file with apt's proxies and certificates, and checks its `sha256`. */
export async function downloadFile(
  url: string,
  file: string,
  { sha256, ...options }: AptOptions & { readonly sha256?: string; readonly timeoutMs?: number },
): Promise<void> {
  const expected = sha256 === undefined ? [] : [`SHA256:${sha256}`];
  await run(['/usr/lib/apt/apt-helper', 'download-file', url, file, ...expected], options);
}

/** Command line of {@link aptGet}, for a caller that runs it later. */
export function aptGetCommand(args: readonly string[]): string[] {
  const environment = Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  return ['env', ...environment, ...APT_GET, ...args];
}

/** Downloads Debian packages, which apt verifies, and unpacks them below `root` without installing them. */
export async function unpackPackages(names: readonly string[], root: string, options: AptOptions): Promise<void> {
  const before = new Set(await readdir(root));
  // Downloads as root: by default, apt downloads as the user _apt, which cannot write to this directory; apt would then
  // fall back to root with a warning.
  await run(['apt-get', 'download', '--quiet', '-o', 'APT::Sandbox::User=root', ...names], { cwd: root, ...options });
  const archives = (await readdir(root)).filter((name) => name.endsWith('.deb') && !before.has(name));
  for (const archive of archives)
    await run(['dpkg-deb', '--extract', join(root, archive), root], { signal: options.signal });
}
