import { expectedErrorsOf } from '../../../fixtures/container/errors-by-release.ts';
import { renderTable } from '../markdown.ts';
import { code } from './fixtures.ts';
import type { ProjectSource } from './source.ts';

/** Agents whose errors the page shows: of the default commit, and of the newest release. */
const AGENTS = [
  { generation: 'skopeo', version: '2.3.0-rc0' },
  { generation: 'guest-pull', version: '99.0.0' },
] as const;

/** Argument for those expected errors that depend on a signal's number; all others depend on a text. */
const SIGNAL = 9;
const TEXT = '…';

/** The section of suites/README.md about errors that differ between generations of the agent. */
export function errorSection(source: ProjectSource): string {
  const members = source.membersOf('fixtures/container/expected-errors.ts', 'ExpectedErrors');
  const rows = members.flatMap(({ name, text }) => {
    const [first, main] = AGENTS.map((agent) =>
      lines((expectedErrorsOf(agent) as unknown as Readonly<Record<string, unknown>>)[name], name),
    );
    return (first ?? []).map(([path, value], index) => [
      code(path),
      index === 0 ? text : '',
      code(value),
      code(main?.[index]?.[1] ?? ''),
    ]);
  });
  return [
    '## Errors by generation\n',
    'Members of the fixture `expectedErrors`: `code` and `details` of an `RpcError`, for `rejects.toMatchObject`. Agents of main add',
    'causes after a text. The fixture has those of the release under test, where they differ from the newest.\n',
    renderTable(['member', 'what it is', 'CCv0', 'main'], rows),
  ].join('\n');
}

/** A value of the table of expected errors and the values it contains, each with its path. */
function lines(value: unknown, path: string): (readonly [path: string, text: string])[] {
  if (typeof value === 'function') {
    const argument = path.endsWith('Signal') ? SIGNAL : TEXT;
    const shown = typeof argument === 'number' ? String(argument) : `'${argument}'`;
    return lines((value as (argument: unknown) => unknown)(argument), `${path}(${shown})`);
  }
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return [[path, String(value)]];
  if ('code' in value && 'details' in value) return [[path, `${value.code}: ${textOf(value.details)}`]];
  return Object.entries(value).flatMap(([name, inner]) => lines(inner, `${path}.${name}`));
}

/** The text of an expected error, or the pattern of its `expect.stringMatching`. */
function textOf(details: unknown): string {
  if (typeof details !== 'object' || details === null || !('sample' in details)) return String(details);
  // The part of the pattern that matches the error's causes is removed; the page explains it.
  return String(details.sample)
    .replace(/^\/\^/, '')
    .replace(/\(\\n\\n\|\$\)\/$/, '')
    .replaceAll(/\\([^\w])/g, '$1');
}
