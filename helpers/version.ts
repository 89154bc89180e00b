/** Whether a version is the wanted one or a later one, by its numbers. */
export function atLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number));
  const differing = (want ?? []).findIndex((part, index) => part !== have?.[index]);
  return differing < 0 || (have?.[differing] ?? 0) > (want?.[differing] ?? 0);
}
