import { expect, test } from 'vitest';
import { parseChangedLines } from './changed-lines.ts';

test.for([
  [
    'a changed line',
    'diff --git src/a.rs src/a.rs\nindex 1..2 100644\n--- src/a.rs\n+++ src/a.rs\n@@ -3 +3 @@ fn f() {\n-old\n+new\n',
    [{ path: 'src/a.rs', removed: [3], added: [3] }],
  ],
  [
    'added and removed lines in two places',
    'diff --git a.rs a.rs\nindex 1..2 100644\n--- a.rs\n+++ a.rs\n@@ -3,0 +4,2 @@\n+one\n+two\n@@ -9,2 +11,0 @@\n-one\n-two\n',
    [{ path: 'a.rs', removed: [9, 10], added: [4, 5] }],
  ],
  [
    'a new file and a removed one',
    'diff --git n.rs n.rs\nnew file mode 100644\nindex 0..2\n--- /dev/null\n+++ n.rs\n@@ -0,0 +1 @@\n+new\n' +
      'diff --git o.rs o.rs\ndeleted file mode 100644\nindex 2..0\n--- o.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n',
    [
      { path: 'n.rs', removed: [], added: [1] },
      { path: 'o.rs', removed: [1], added: [] },
    ],
  ],
  [
    'a line that looks like the head of a file',
    'diff --git a.md a.md\nindex 1..2 100644\n--- a.md\n+++ a.md\n@@ -1 +1 @@\n--- b.md\n+++ c.md\n',
    [{ path: 'a.md', removed: [1], added: [1] }],
  ],
  [
    'a changed mode',
    'diff --git a b.sh a b.sh\nold mode 100644\nnew mode 100755\n',
    [{ path: 'a b.sh', removed: [], added: [] }],
  ],
  [
    'a path with a blank',
    'diff --git a b a b\nindex 1..2\n--- a b\t\n+++ a b\t\n@@ -1 +1 @@\n-x\n+y\n',
    [{ path: 'a b', removed: [1], added: [1] }],
  ],
  ['no change', '', []],
] as const)("parseChangedLines reads %s from git's diff", ([_, diff, expected]) => {
  expect(parseChangedLines(diff)).toEqual(expected);
});
