import { dirname, join, normalize } from 'node:path';
import { anchorsIn, isExternal, linksIn } from './links.ts';

/**
 * Links of Markdown files to files and headings that do not exist, as `file: link: reason`. `texts` are the Markdown files by
 * path, `paths` all files of the repository.
 */
export function brokenLinks(texts: ReadonlyMap<string, string>, paths: readonly string[]): string[] {
  const existing = new Set(paths.flatMap((path) => [path, ...directoriesOf(path)]));
  const whyBroken = (file: string, link: string): string | undefined => {
    const [path = '', anchor] = decodeURIComponent(link).split('#', 2);
    const target = path === '' ? file : normalize(path.startsWith('/') ? `.${path}` : join(dirname(file), path));
    if (!existing.has(target.replace(/\/$/, ''))) return `there is no ${target}`;
    if (anchor === undefined) return undefined;
    const text = texts.get(target);
    if (text === undefined) return `${target} has no headings`;
    return anchorsIn(text).has(anchor) ? undefined : `no heading of ${target} has this anchor`;
  };
  return [...texts].flatMap(([file, text]) =>
    linksIn(text)
      .filter((link) => !isExternal(link))
      .flatMap((link) => {
        const reason = whyBroken(file, link);
        return reason === undefined ? [] : [`${file}: ${link}: ${reason}`];
      }),
  );
}

function directoriesOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' ? ['.'] : [parent, ...directoriesOf(parent)];
}
