/**
 * Length of a line. While a shell is busy, its terminal drops what exceeds 4095 characters of a line. Source: N_TTY of Linux.
 */
const LINE = 1_000;

/** A here-document of a shell's command with the input in base64. It ends with the line of its delimiter. */
export function hereDocument(input: string | Uint8Array): string {
  const lines =
    Buffer.from(input)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return ['<<INPUT', ...lines, 'INPUT'].join('\n');
}
