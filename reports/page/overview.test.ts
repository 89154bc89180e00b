import type { ComponentChildren, VNode } from 'preact';
import { expect, test } from 'vitest';
import { buildReport } from '../run/build.ts';
import { exampleFacts, exampleRun, exampleSources } from '../run/example-run.ts';
import { Verdict } from './overview.tsx';

/** The texts of a tree, in order. */
function textsOf(node: ComponentChildren): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node === 'string' || typeof node === 'number') return [String(node)];
  if (typeof node !== 'object' || node === null) return [];
  return textsOf((node as VNode<{ children?: ComponentChildren }>).props.children);
}

test('the page shows the versions that ran, with what Kata declares of each', () => {
  const versions = [
    { program: 'containerd', version: '1.6.20', declared: { minimum: 'v1.7', latest: 'v2.3' } },
    { program: 'runc', version: '1.1.5' },
  ];
  const facts = exampleFacts({ versions });
  const { report } = buildReport(exampleSources({ collected: exampleRun({ facts: [facts, facts] }) }));
  const texts = textsOf(Verdict({ report }));
  expect(texts.filter((text) => text.startsWith('containerd'))).toEqual([
    'containerd 1.6.20 (Kata declares v1.7 to v2.3) · runc 1.1.5',
    'containerd 1.6.20 is older than v1.7, the minimum that versions.yaml of this Kata declares',
  ]);
});
