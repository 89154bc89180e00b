import { writeFile } from 'node:fs/promises';
import { RunReport } from './model.ts';

/** The JSON schema of report.json, as published in schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(RunReport, null, 2)}\n`;
}

/** Where it is published. */
export const SCHEMA_FILE = new URL('./schema.json', import.meta.url);

if (process.argv[1] === new URL(import.meta.url).pathname) await writeFile(SCHEMA_FILE, schemaText());
