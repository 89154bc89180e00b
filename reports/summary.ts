import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { count, summaryLine } from './counts.ts';

/** Ends a run with why tests were skipped, where the evidence of failed ones is, and one line of totals. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = count(modules, errors.length);
    for (const [reason, times] of counts.reasons) console.log(`skipped ${times}: ${reason}`);
    for (const directory of evidence(modules)) console.log(`evidence: ${directory}`);
    console.log(summaryLine(counts));
  }
}

function evidence(modules: readonly TestModule[]): string[] {
  const artifacts = modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => test.artifacts()));
  return artifacts.flatMap((artifact) => {
    const { type, directory } = artifact as { type: string; directory?: string };
    return type === 'kata:evidence' && directory !== undefined ? [directory] : [];
  });
}
