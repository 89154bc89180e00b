import { join } from 'node:path';
import { writeTable } from '../../../helpers/contract/table.ts';
import { loadConfig } from '../../config/config.ts';
import { type Component, debianPackages, goModules, npmPackages } from './list.ts';

/** Lists the third-party components, their licences, and how each is verified. */
export async function writeProvenance(): Promise<void> {
  const kinds: Readonly<Record<string, readonly Component[]>> = {
    npm: await npmPackages(),
    'Go module (bench)': await goModules(),
    'Debian or Ubuntu package': debianPackages(),
  };
  const rows = Object.entries(kinds).flatMap(([kind, components]) =>
    components.map(({ checksum, licence, name, version }) => [kind, name, version, licence, checksum]),
  );
  const file = join(loadConfig().reportsDir, 'provenance.json');
  await writeTable(file, {
    title: 'Third-party components',
    columns: ['kind', 'name', 'version', 'licence', 'verified by'],
    rows,
    notes: ['npm packages are installed from the frozen lockfile, without running their scripts'],
  });
  console.log(`${rows.length} components; written to ${file}`);
}
