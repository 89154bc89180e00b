import { writeFile } from 'node:fs/promises';
import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata schema`. */
export function schemaCommand(): KataCommand {
  return command('schema', 'Generate reports/schema.json from the types of the report').action(async () => {
    const { SCHEMA_FILE, schemaText } = await import('../../reports/schema.ts');
    await writeFile(SCHEMA_FILE, schemaText());
  });
}
