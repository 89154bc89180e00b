import { createHash } from 'node:crypto';

/** Paths of a repository, the outermost first, each with the mode, kind and id that git has for it. */
export type Listing = Readonly<Record<string, string>>;

/**
 * A part of a repository, by its paths: those that are read, or, where that is not certain, all but those that are not.
 * Both as far down as a {@link Listing} goes.
 */
export type Part = { readonly of: readonly string[] } | { readonly without: readonly string[] };

/** Digest of a part: another one when anything of it is other than it was, be it only a mode. */
export function partDigest(listing: Listing, part: Part): string {
  const lines = 'of' in part ? part.of.map((path) => line(listing, path)) : linesWithout(listing, part.without);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** A directory's id stands for everything in it, so one that holds something left out says nothing and is not asked. */
function linesWithout(listing: Listing, without: readonly string[]): string[] {
  return Object.keys(listing)
    .filter((path) => !without.some((left) => isWithin(path, left) || isWithin(left, path)))
    .map((path) => line(listing, path));
}

function line(listing: Listing, path: string): string {
  return `${path} ${listing[path] ?? 'absent'}`;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
