import { describe, expect, test } from 'vitest';
import { editToml, type TomlEdit, tomlOverlay } from './toml-edit.ts';
import { parseToml } from './toml-read.ts';

const KATA = `# Kata
[hypervisor.qemu]
path = "/usr/bin/qemu"
initrd = "/initrd" # one of the two
# Comment about the image
#enable_debug = true
rootless = true
kernel_params = "a=b"

[runtime]
# enable_debug = true
`;

const EDITS: readonly TomlEdit[] = [
  { path: ['hypervisor', 'qemu', 'path'], value: '/opt/qemu' },
  { path: ['hypervisor', 'qemu', 'initrd'], value: undefined },
  { path: ['runtime', 'enable_debug'], value: true },
  { path: ['hypervisor', 'qemu', 'kernel_params'], value: (now) => `${now} c=d` },
];

test('editToml changes, empties and uncomments settings, and keeps all other lines', () => {
  const edited = editToml(KATA, EDITS);
  const changed = edited.split('\n').filter((line, index) => line !== KATA.split('\n')[index]);
  expect(changed).toEqual([
    'path = "/opt/qemu"',
    'initrd = "" # one of the two',
    'kernel_params = "a=b c=d"',
    'enable_debug = true',
  ]);
});

test('editToml is idempotent', () => {
  const edits = EDITS.slice(0, 3);
  expect(editToml(editToml(KATA, edits), edits)).toBe(editToml(KATA, edits));
});

describe('editToml extends a string written', () => {
  const strings = {
    'in double quotes': String.raw`"a=\"x y\" b=\\"`,
    'in single quotes': `'a="x y" b=\\'`,
    'over several lines': String.raw`"""a=\"x y\" \
      b=\\"""`,
    'over several lines in single quotes': `'''a="x y" b=\\'''`,
  };
  test.for(Object.entries(strings))('editToml extends a string written %s, and keeps its comment', ([, written]) => {
    const text = `[h]\nkernel_params = ${written} # mine\nother = 1\n`;
    const edited = editToml(text, [{ path: ['h', 'kernel_params'], value: (now) => `${now} c=d` }]);
    expect(parseToml(edited)).toEqual({ h: { kernel_params: String.raw`a="x y" b=\ c=d`, other: 1 } });
    expect(edited).toContain('# mine');
  });
});

describe('editToml adds a setting to', () => {
  const documents = {
    'an empty document': '',
    'a document without a final line end': 'x = 1',
    'a table in single quotes': "['a'.'b.c']\nx = 1\n",
    'a table with a comment behind its header': '[a."b.c"] # mine\nx = 1\n',
    'a table that only a subtable defines': '[a."b.c".d]\nx = 1\n',
    'a table that follows its subtable': '[a."b.c".d]\nx = 1\n[a]\ny = 1\n',
    'an inline table': 'a = { "b.c" = { x = 1 } } # mine\n',
    'an inline table in a document with trailing commas': 'x = [\n  1,\n]\na = { "b.c" = { x = 1 } }\n',
    'dotted keys': 'a."b.c".x = 1\n',
    'dotted keys below a header': '[a]\n"b.c".x = 1\n',
    'a table with Windows line ends': '[a."b.c"]\r\nx = 1\r\n',
    'a table between others': '[a."b.c"]\nx = 1\n\n[[z]]\n# mine\n[[z]]\n',
  };
  test.for(Object.entries(documents))('editToml adds a setting to %s', ([, text]) => {
    const edits: readonly TomlEdit[] = [
      { path: ['a', 'b.c', 'new key', 'd'], value: ['v"', '\u007f'], add: true },
      { path: ['a', 'b.c', 'e'], value: 'f', add: true },
    ];
    const edited = editToml(text, edits);
    expect(parseToml(edited)).toMatchObject({
      ...parseToml(text),
      a: { 'b.c': { 'new key': { d: ['v"', '\u007f'] }, e: 'f' } },
    });
    for (const comment of text.match(/#.*/g) ?? []) expect(edited).toContain(comment);
    // TOML 1.1 allows trailing commas in inline tables, but containerd's parser does not.
    expect(edited).not.toMatch(/,\s*}/);
    if (text.includes('\r\n')) expect(edited).not.toMatch(/[^\r]\n/);
    expect(editToml(edited, edits)).toBe(edited);
  });

  test('editToml rejects a setting below a key that is a string', () => {
    expect(() => editToml('a = "x"\n', [{ path: ['a', 'b'], value: 1, add: true }])).toThrow(
      'a = "x": expected a table',
    );
  });
});

test('editToml does not mistake a line within a multi-line string for a setting', () => {
  const text = '[a]\ntext = """\n# on = true\non = false\n[b]\n"""\n\n[b]\n# on = true\n';
  const edited = editToml(text, [{ path: ['b', 'on'], value: true }]);
  expect(edited).toBe(text.replace(/# on = true\n$/, 'on = true\n'));
  expect(() => editToml(text, [{ path: ['a', 'on'], value: true }])).toThrow('cannot set a.on: no such setting');
});

test('editToml rejects a setting that the document does not mention, unless it is optional', () => {
  const edit: TomlEdit = { path: ['runtime', 'nonsense'], value: true };
  expect(() => editToml(KATA, [edit])).toThrow('cannot set runtime.nonsense: no such setting, not even in a comment');
  expect(() => editToml(KATA, [{ path: ['nosuch', 'x'], value: 1 }])).toThrow('cannot set nosuch.x: no table [nosuch]');
  expect(editToml(KATA, [{ ...edit, optional: true }])).toBe(KATA);
});

test('editToml rejects invalid TOML with line and column', () => {
  expect(() => editToml('a = 1\nversion = \n', EDITS)).toThrow(/\(2, \d+\)/);
});

test('tomlOverlay contains the changed settings, and nothing else', () => {
  const edits: readonly TomlEdit[] = [
    ...EDITS,
    { path: ['hypervisor', 'qemu', 'enable_debug'], value: undefined },
    { path: ['hypervisor', 'qemu', 'rootless'], value: undefined },
    { path: ['runtime', 'nonsense'], value: 1, optional: true },
  ];
  expect(parseToml(tomlOverlay(KATA, edits))).toEqual({
    hypervisor: { qemu: { path: '/opt/qemu', initrd: '', kernel_params: 'a=b c=d', rootless: false } },
    runtime: { enable_debug: true },
  });
  expect(() => tomlOverlay(KATA, [{ path: ['runtime', 'nonsense'], value: 1 }])).toThrow('cannot set runtime.nonsense');
});
