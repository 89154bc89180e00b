import { readFile } from 'node:fs/promises';
import GithubSlugger from 'github-slugger';
import { projectPath } from '../../project.ts';
import { errorSection } from './errors.ts';
import { fixtureSections, themesIn } from './fixtures.ts';
import type { ProjectSource } from './source.ts';
import { imageSections, interfaceSections, otherSections } from './tables.ts';
import { tagSection } from './tags.ts';
import { EXAMPLES, FIRST_SPEC, tutorial } from './tutorial.ts';

/** Path of suites/README.md, which {@link referencePage} generates. */
export const REFERENCE_PAGE = projectPath('suites/README.md');

/** The text of suites/README.md: how to write a spec, and everything that a spec can use. */
export async function referencePage(source: ProjectSource): Promise<string> {
  const paths = [FIRST_SPEC, ...Object.values(EXAMPLES).map(({ path }) => path)];
  const texts = new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(projectPath(path), 'utf8')] as const)),
  );
  const sections = [
    fixtureSections(themesIn(source)),
    tagSection(),
    interfaceSections(source),
    imageSections(source),
    errorSection(source),
    otherSections(source),
  ].join('\n');
  return [tutorial((path) => texts.get(path) ?? ''), contents(sections), sections].join('\n');
}

/** The list of the sections, with links to them. */
function contents(sections: string): string {
  const slugger = new GithubSlugger();
  const titles = [...sections.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
  return `Contents:\n\n${titles.map((title) => `- [${title}](#${slugger.slug(title)})\n`).join('')}`;
}
