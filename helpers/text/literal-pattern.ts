/** The source of a regular expression that matches a text literally. Unlike `RegExp.escape`, it stays readable. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
