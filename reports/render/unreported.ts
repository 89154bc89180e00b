import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xmlAttributes, xmlText } from './xml.ts';

/** A run that ended before Vitest could report it, because set-up failed or was interrupted. */
export interface UnreportedRun {
  readonly begun: Date;
  /** Why the run ended, as printed on the terminal. */
  readonly reason: string;
}

/**
 * Writes the reports of a run that ended in set-up: page, JUnit (one error) and summary. It works synchronously,
 * because the process is about to exit. CI then shows the reason, and no page keeps waiting for a report.
 */
export function writeUnreported(directory: string, run: UnreportedRun): void {
  writeFileSync(join(directory, 'index.html'), page(run));
  writeFileSync(join(directory, 'junit.xml'), junit(run));
  writeFileSync(
    join(directory, 'summary.md'),
    `# Set-up failed\n\n\`\`\`text\n${run.reason.replaceAll('```', '` ` `')}\n\`\`\`\n`,
  );
}

function page({ begun, reason }: UnreportedRun): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<title>set-up failed: kata-cc-suite</title>',
    `<p>The run that began at ${begun.toISOString()} ended in set-up. No test ran.</p>`,
    `<pre>${xmlText(reason)}</pre>`,
    '</html>',
    '',
  ].join('\n');
}

function junit({ begun, reason }: UnreportedRun): string {
  const [first = ''] = reason.split('\n');
  const error = `<error${xmlAttributes({ message: first, type: 'set-up' })}>${xmlText(reason)}</error>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="kata-cc-suite" tests="1" failures="0" errors="1">',
    `  <testsuite name="set-up" timestamp="${begun.toISOString()}" tests="1" failures="0" errors="1" skipped="0">`,
    `    <testcase name="set-up" classname="set-up" time="0">${error}</testcase>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
