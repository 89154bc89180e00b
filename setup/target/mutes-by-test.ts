import { readFile } from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Mute, MutesByTest } from '../../helpers/contract/mute.ts';

/** The file that KATA_MUTE may name: for each test, the methods and fields that the client withholds in it. */
const BY_TEST = Type.Object(
  {
    tests: Type.Record(Type.String(), Type.Array(Type.String())),
    timeoutsMs: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);

/** Reads the file that KATA_MUTE names; `resolve` resolves each name in it. */
export async function readMutesByTest(file: string, resolve: (text: string) => Mute): Promise<MutesByTest> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  const [problem] = Value.Errors(BY_TEST, value);
  if (problem !== undefined) throw new Error(`${problem.path || 'the file'}: ${problem.message}`);
  const { tests, timeoutsMs } = Value.Decode(BY_TEST, value);
  const resolved = Object.entries(tests).map(([test, names]) => [test, names.map(resolve)] as const);
  return { name: file, tests: Object.fromEntries(resolved), timeoutsMs };
}
