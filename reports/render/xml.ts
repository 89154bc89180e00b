/** Escapes text for XML and HTML; characters that XML 1.0 cannot represent become the replacement character. */
export function xmlText(value: string): string {
  return value
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Attributes of an element, each preceded by a blank; one that is undefined is left out. */
export function xmlAttributes(pairs: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(pairs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${quoted(xmlText(String(value)))}"`)
    .join('');
}

/** Escapes characters that would end an XML attribute, or that an XML parser normalises to a blank. */
function quoted(value: string): string {
  return value.replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
