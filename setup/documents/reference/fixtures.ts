import { renderTable } from '../markdown.ts';
import type { Described, ProjectSource } from './source.ts';

const FIXTURES = 'fixtures/extend/fixtures.ts';
const SCOPES = { $test: 'test', $file: 'file', $worker: 'worker' } as const;

/** Number of themes that most specs need; the others follow further down. */
const FIRST_THEMES = 5;

/** A fixture, and the scope in which it lives. */
export interface Fixture extends Described {
  readonly scope: 'test' | 'file' | 'worker';
}

/** Fixtures of one theme. */
export interface Theme {
  /** Sentences about the theme. */
  readonly text: string;
  readonly fixtures: readonly Fixture[];
}

/** The themes of all fixtures, without those marked as internal, in the order of the source. */
export function themesIn(source: ProjectSource): readonly Theme[] {
  return source.partsOf(FIXTURES, 'FixturesByScope').map(({ text, membersOf }) => {
    const all = Object.entries(SCOPES).flatMap(([key, scope]) =>
      membersOf(key).map((fixture): Fixture => ({ ...fixture, scope })),
    );
    return { text, fixtures: all.filter(({ tags }) => tags['internal'] === undefined) };
  });
}

/** The sections about fixtures: the first ones on one screen, then all by theme. */
export function fixtureSections(themes: readonly Theme[]): string {
  const first = themes.slice(0, FIRST_THEMES).flatMap(({ fixtures }) => fixtures);
  const rows = first.map(({ name, text, type }) => [code(name), code(type), firstSentence(text)]);
  return [
    '## Fixtures of most specs\n',
    renderTable(['fixture', 'type', 'what it is'], rows),
    '## All fixtures\n',
    'A fixture lives as long as its scope: a test, a file, or a worker, which runs several files. Set-up of a fixture counts',
    "against the test's time limit.\n",
    ...themes.map(sectionOf),
  ].join('\n');
}

function sectionOf({ fixtures, text }: Theme): string {
  const title = firstSentence(text);
  const more = text.slice(title.length).trim();
  return `### ${title.replace(/\.$/, '')}\n\n${more === '' ? '' : `${more}\n\n`}${fixtures.map(fixtureEntry).join('')}`;
}

function fixtureEntry({ scope, tags, ...fixture }: Fixture): string {
  const more = [
    `scope: ${scope}`,
    `cost: ${tags['cost']}`,
    ...(tags['throws'] === undefined ? [] : [`throws: ${tags['throws']}`]),
  ];
  return `${entryOf(fixture).trimEnd()}<br>_${more.join('; ')}_\n`;
}

/** An item of a list: a declaration, its type and its description. */
export function entryOf({ name, text, type }: Pick<Described, 'name' | 'text' | 'type'>): string {
  return `- **\`${name}\`**${type === '' ? '' : ` \`${type}\``}<br>${text}\n`;
}

/** The first sentence of a text, without code that it shows. */
export function firstSentence(text: string): string {
  return `${/^[^.:]*(?:[.:](?!\s|$)[^.:]*)*/.exec(text)?.[0]}.`;
}

/** Text in code font. In a table, a \`|\` must be escaped even there. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return text === '' ? '' : `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}
