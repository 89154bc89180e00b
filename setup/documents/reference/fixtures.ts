import { renderTable } from '../markdown.ts';
import type { Described, ProjectSource } from './source.ts';

const FIXTURES = 'fixtures/extend/fixtures.ts';
const SCOPES = { $test: 'test', $file: 'file', $worker: 'worker' } as const;

/** Number of themes of fixtures that most specs need; suites/README.md shows the other themes further down. */
const FIRST_THEMES = 5;

/** A fixture of `fixtures/test.ts`, and its scope: test, file or worker. */
export interface Fixture extends Described {
  readonly scope: 'test' | 'file' | 'worker';
}

/** The fixtures of one theme, such as guests or images. */
export interface Theme {
  /** The doc comment of the theme. */
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
  const rows = first.map(({ name, tags, text, type }) => [code(name), code(type), tagsOf(tags), firstSentence(text)]);
  return [
    '## Fixtures of most specs\n',
    renderTable(['fixture', 'type', 'tag', 'what it is'], rows),
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
    ...(tags['tag'] === undefined ? [] : [`tag: ${tagsOf(tags)}`]),
    `scope: ${scope}`,
    `cost: ${tags['cost']}`,
    ...(tags['throws'] === undefined ? [] : [`throws: ${tags['throws']}`]),
  ];
  return `${entryOf(fixture).trimEnd()}<br>_${more.join('; ')}_\n`;
}

/** The tags that a fixture needs, from the `@tag` of its description. */
export function tagsOf({ tag = '' }: Described['tags']): string {
  return tag.split(' ').map(code).join(', ');
}

/** A declaration as an item of a Markdown list: name, type and description. */
export function entryOf({ name, optional, text, type }: Omit<Described, 'tags'>): string {
  return `- **\`${name}${optional ? '?' : ''}\`**${type === '' ? '' : ` \`${type}\``}<br>${text}\n`;
}

/** The first sentence of a doc comment, without code examples. */
export function firstSentence(text: string): string {
  return `${/^[^.:]*(?:[.:](?!\s|$)[^.:]*)*/.exec(text)?.[0]}.`;
}

/** A text in Markdown's code font. A `|` must be escaped there too, if it is in a table. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return text === '' ? '' : `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}
