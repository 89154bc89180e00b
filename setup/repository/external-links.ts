import { readFile } from 'node:fs/promises';
import { projectPath } from '../project.ts';
import { linksIn } from './links.ts';
import { projectFiles } from './project-files.ts';
import { whyUnreachable } from './url-check.ts';

/*
 * Prints the links of the documents to other sites that do not answer with a page, and fails if there are any. A scheduled
 * workflow runs it, because the result depends on those sites.
 */
const documents = (await projectFiles()).filter((path) => path.endsWith('.md'));
const texts = await Promise.all(documents.map((path) => readFile(projectPath(path), 'utf8')));
const urls = new Set(texts.flatMap(linksIn).filter((link) => /^https?:/.test(link)));
const checked = await Promise.all([...urls].map(async (url) => ({ url, reason: await whyUnreachable(url) })));
const broken = checked.filter(({ reason }) => reason !== undefined);
for (const { reason, url } of broken) console.error(`${url}: ${reason}`);
console.log(`${urls.size} links, ${broken.length} broken`);
if (broken.length > 0) process.exitCode = 1;
