import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOLS } from '../../config/pins.ts';
import { projectPath } from '../../project.ts';

/** A third-party component of this project. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Licence as an SPDX expression; `not installed here` for a package of another platform. */
  readonly licence: string;
  /** Checksum or signature by which the component is verified before use. */
  readonly checksum: string;
}

/** Licences that are compatible with Apache-2.0; of a component's alternatives, one must be among them. */
export const PERMITTED =
  /(^|[( ])(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|CC-BY-4\.0|Python-2\.0|PSF-2\.0|MPL-2\.0)($|[) ])/;

/** Every npm package of the lockfile. */
export async function npmPackages(): Promise<readonly Component[]> {
  const lock = await readFile(projectPath('pnpm-lock.yaml'), 'utf8');
  const section = /^packages:\n([\s\S]*?)^snapshots:/m.exec(lock)?.[1] ?? '';
  const entries = [...section.matchAll(/^ {2}'?(@?[^'\n]+?)@([^@'\n]+)'?:\n {4}resolution: \{integrity: ([^,}]+)/gm)];
  const declared = [...section.matchAll(/^ {2}\S.*:$/gm)].length;
  if (entries.length !== declared)
    throw new Error(`pnpm-lock.yaml has ${declared} packages, but only ${entries.length} with a checksum`);
  const licences = await installedLicences();
  return entries.map(([, name = '', version = '', checksum = '']) => {
    return { name, version, checksum, licence: licences.get(`${name}@${version}`) ?? 'not installed here' };
  });
}

async function installedLicences(): Promise<ReadonlyMap<string, string>> {
  const store = projectPath('node_modules/.pnpm');
  const found = new Map<string, string>();
  for (const directory of await readdir(store)) {
    // An npm package itself is a directory; its dependencies beside it are symbolic links.
    for (const path of await ownPackages(join(store, directory, 'node_modules'))) {
      const { license, licenses, name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
        license?: string | { type: string };
        licenses?: readonly { type: string }[];
      };
      const one = typeof license === 'object' ? license.type : license;
      found.set(`${name}@${version}`, one ?? licenses?.map(({ type }) => type).join(' OR ') ?? '');
    }
  }
  return found;
}

async function ownPackages(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const directories = entries.filter((entry) => entry.isDirectory() && entry.name !== '.bin');
  const nested = await Promise.all(
    directories.map(({ name }) =>
      name.startsWith('@') ? ownPackages(join(directory, name)) : Promise.resolve([join(directory, name)]),
    ),
  );
  return nested.flat();
}

/** The Go modules of the rpc bench. */
export async function goModules(): Promise<readonly Component[]> {
  const sums = await readFile(projectPath('setup/commands/bench/go/go.sum'), 'utf8');
  const wanted = await readFile(projectPath('setup/commands/bench/go/go.mod'), 'utf8');
  return [...wanted.matchAll(/^\t(\S+) (v\S+)/gm)].map(([, name = '', version = '']) => {
    const checksum =
      sums
        .split('\n')
        .find((line) => line.startsWith(`${name} ${version} `))
        ?.split(' ')[2] ?? '';
    return { name, version, checksum, licence: 'see its module' };
  });
}

/** Distribution packages of the target `local`, in the distribution's version. */
export function debianPackages(): readonly Component[] {
  return [...new Set(Object.values(TOOLS))].sort().map((name) => ({
    name,
    version: "the distribution's",
    licence: `/usr/share/doc/${name}/copyright`,
    checksum: "apt: the archive's signature",
  }));
}
