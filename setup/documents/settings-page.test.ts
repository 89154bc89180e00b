import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FIXED, VARIABLES } from '../config/config.ts';
import { PASSED_ON } from '../config/outbound.ts';
import { SETTINGS_PAGE, settingsPage } from './settings-page.ts';

test('docs/settings.md is up to date; `pnpm kata settings` writes it', async () => {
  expect(await readFile(SETTINGS_PAGE, 'utf8')).toBe(settingsPage());
});

test('docs/settings.md lists every setting once, with its default and meaning', () => {
  const lines = rows();
  for (const { fallback, meaning, name } of [...Object.values(VARIABLES), ...FIXED]) {
    const row = `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\` `}| ${meaning} |`;
    expect(lines.filter((line) => line === row)).toHaveLength(1);
  }
});

test('docs/settings.md lists every variable that is passed on to child programs, with these programs', () => {
  for (const { names, to } of PASSED_ON) {
    expect(rows()).toContain(`| ${names.map((name) => `\`${name}\``).join(', ')} | ${to} |`);
  }
});

/** The lines of docs/settings.md, without the padding of its tables. */
function rows(): string[] {
  return settingsPage().replaceAll(/ +/g, ' ').split('\n');
}
