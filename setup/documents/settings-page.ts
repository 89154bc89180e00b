import { writeFile } from 'node:fs/promises';
import { FIXED, VARIABLES, type Variable } from '../config/config.ts';
import { PASSED_ON } from '../config/outbound.ts';
import { THEMES } from '../config/themes.ts';
import { projectPath } from '../project.ts';
import { renderTable } from './markdown.ts';

/** Path of docs/settings.md, which {@link writeSettingsPage} generates. */
export const SETTINGS_PAGE = projectPath('docs/settings.md');

const INTRODUCTION = `# Settings

<!-- Generated from setup/config/config.ts by \`pnpm kata settings\`. Do not edit. -->

All settings are environment variables. An empty value means the default, and \`~/\` is expanded in every path.

- A setting that has no effect on the target is reported when a run starts. One whose counterpart is missing
  (\`KATA_QEMU_REPO\` without \`KATA_QEMU=source\`) is rejected.
- A variable that looks like a setting but is none is reported, with the setting that was probably meant.
- The variables of Kata's \`ccv0.sh\` that are listed here work as they did there.
`;

const PASSED_ON_INTRODUCTION = `## Variables passed on to other programs

Child processes get a fixed environment, with the exceptions below. Proxy variables may be written in lower or upper case.
\`localhost\`, 127.0.0.1 and the registries of a run are never reached through a proxy, and no guest, skopeo or containerd gets
one. Credentials in these variables are redacted in logs and reports.
`;

/** The text of docs/settings.md: one table per theme, and the variables that are passed on to other programs. */
export function settingsPage(): string {
  const variables: readonly Variable[] = [...Object.values<Variable>(VARIABLES), ...FIXED];
  const tables = Object.entries(THEMES).map(([theme, title]) => {
    const rows = variables.filter((variable) => variable.theme === theme).map(rowOf);
    return `## ${title}\n\n${renderTable(['variable', 'default', 'meaning'], rows)}`;
  });
  const passedOn = PASSED_ON.map(({ names, to }) => [names.map(code).join(', '), to]);
  return [INTRODUCTION, ...tables, PASSED_ON_INTRODUCTION, renderTable(['variables', 'passed to'], passedOn)].join(
    '\n',
  );
}

/** Writes docs/settings.md. */
export async function writeSettingsPage(): Promise<void> {
  await writeFile(SETTINGS_PAGE, settingsPage());
}

function rowOf({ fallback, meaning, name }: Variable): string[] {
  return [code(name), fallback === '' ? '' : code(fallback), meaning];
}

function code(text: string): string {
  return `\`${text}\``;
}
