import { RunReport } from './model.ts';

/** The JSON schema of report.json, as published in schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(RunReport, null, 2)}\n`;
}

/** Location of the published JSON schema of report.json. */
export const SCHEMA_FILE = new URL('./schema.json', import.meta.url);
