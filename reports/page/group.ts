/** Test ids by their file, files in alphabetical order. */
export function byFile(ids: readonly string[]): [string, string[]][] {
  const files = new Map<string, string[]>();
  for (const id of ids) {
    const [file = ''] = id.split(' > ');
    files.set(file, [...(files.get(file) ?? []), id]);
  }
  return [...files].sort(([a], [b]) => a.localeCompare(b));
}
