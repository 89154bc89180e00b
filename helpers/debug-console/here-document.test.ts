import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { hereDocument } from './here-document.ts';

const LONG = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));

describe('here-document of a command’s input', () => {
  test('no line is as long as a terminal’s input buffer of 4095 characters', () => {
    const lengths = hereDocument(LONG)
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...lengths)).toBeLessThan(4095);
  });

  test.for([
    ['no bytes', Buffer.alloc(0)],
    ['100 000 bytes of every value', LONG],
  ] as const)('a shell passes an input of %s on unchanged', async ([, input]) => {
    const { stdout } = await execa('sh', {
      encoding: 'buffer',
      input: `base64 -d ${hereDocument(input)}\n`,
      stripFinalNewline: false,
    });
    expect(Buffer.from(stdout).equals(input)).toBe(true);
  });
});
