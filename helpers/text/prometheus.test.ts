import { expect, test } from 'vitest';
import { parseMetrics } from './prometheus.ts';

test('parseMetrics reads names, labels and values, and leaves out comments', () => {
  const text = String.raw`# HELP a_total Text.
# TYPE a_total counter
a_total 1.5e+09
b{item="x",path="C:\\d \"q\"\n"} 3
c_bucket{le="+Inf"} +Inf
`;
  expect(parseMetrics(text)).toEqual([
    { name: 'a_total', labels: {}, value: 1.5e9 },
    { name: 'b', labels: { item: 'x', path: 'C:\\d "q"\n' }, value: 3 },
    { name: 'c_bucket', labels: { le: '+Inf' }, value: Infinity },
  ]);
});

test('parseMetrics rejects a text that is not of Prometheus', () => {
  expect(() => parseMetrics('a_total 1\n<html>')).toThrow('not a metric of Prometheus: <html>');
});
