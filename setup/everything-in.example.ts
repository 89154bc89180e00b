import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Contents of all files in a directory, by path; compressed evidence on the page is unpacked. */
export async function everythingIn(directory: string): Promise<[string, string][]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const text = await readFile(file, 'utf8');
      const packed = [...text.matchAll(/id="evidence-[^"]+">([^<]+)</g)].map(([, bytes = '']) => bytes);
      const unpacked = packed.map((bytes) => gunzipSync(Buffer.from(bytes, 'base64')).toString());
      return [file, [text, ...unpacked].join('\n')];
    }),
  );
}
