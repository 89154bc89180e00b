/** Whether a version is at least another one, compared by numbers: `1.23rc1` counts as 1.23. */
export function atLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const differing = (want ?? []).findIndex((part, index) => part !== have?.[index]);
  return differing < 0 || (have?.[differing] ?? 0) > (want?.[differing] ?? 0);
}
