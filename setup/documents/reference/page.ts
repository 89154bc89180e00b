import { readFile } from 'node:fs/promises';
import { projectPath } from '../../project.ts';
import { errorSection } from './errors.ts';
import { fixtureSections, themesIn } from './fixtures.ts';
import type { ProjectSource } from './source.ts';
import { imageSections, interfaceSections, otherSections } from './tables.ts';
import { tagSection } from './tags.ts';
import { FIRST_SPEC, tutorial } from './tutorial.ts';

/** Path of suites/README.md, which {@link referencePage} generates. */
export const REFERENCE_PAGE = projectPath('suites/README.md');

/** The text of suites/README.md: how to write a spec, and everything that a spec can use. */
export async function referencePage(source: ProjectSource): Promise<string> {
  return [
    tutorial(await readFile(projectPath(FIRST_SPEC), 'utf8')),
    fixtureSections(themesIn(source)),
    tagSection(),
    interfaceSections(source),
    imageSections(source),
    errorSection(source),
    otherSections(source),
  ].join('\n');
}
