import { createHash } from 'node:crypto';

/** Paths of a repository, parents first, each with its git mode, object type and id. */
export type Listing = Readonly<Record<string, string>>;

/**
 * A subset of a repository's paths: `of` names the paths that a build reads; `without`, for builds whose inputs are not
 * known exactly, names the paths that it does not read. Both as deep as a {@link Listing}.
 */
export type Part = { readonly of: readonly string[] } | { readonly without: readonly string[] };

/** Digest of a subset of paths. It changes with any content or mode in the subset. */
export function partDigest(listing: Listing, part: Part): string {
  const lines = 'of' in part ? part.of.map((path) => line(listing, path)) : linesWithout(listing, part.without);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** A directory's id depends on everything in it, so the parents of an excluded path are excluded too. */
function linesWithout(listing: Listing, without: readonly string[]): string[] {
  return Object.keys(listing)
    .filter((path) => !without.some((left) => isWithin(path, left) || isWithin(left, path)))
    .map((path) => line(listing, path));
}

/** Whether a path, of any depth, is in a subset of paths, or is a directory that contains paths of it. */
export function isInPart(path: string, part: Part): boolean {
  if ('of' in part) return part.of.some((one) => isWithin(path, one) || isWithin(one, path));
  return !part.without.some((left) => isWithin(path, left));
}

function line(listing: Listing, path: string): string {
  return `${path} ${listing[path] ?? 'absent'}`;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
