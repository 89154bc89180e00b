/** A Markdown table with padded columns, as the formatter writes it; ends with a line break. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  return `${[line(head, ' '), line([], '-'), ...rows.map((row) => line(row, ' '))].join('\n')}\n`;
}
