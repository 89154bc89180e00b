import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { buildSync } from 'esbuild';
import { EVIDENCE_INDEX, type Evidence, type EvidenceBundle } from '../helpers/contract/evidence.ts';
import { messageOf } from '../helpers/errors.ts';
import type { RunReport } from './model.ts';

/**
 * Longest evidence file on the HTML page, in characters; of a longer file the page has the end, the evidence directory
 * all of it.
 */
const LONGEST_FILE = 256 * 1024;

/**
 * Renders a report as an HTML page: one file that needs no network and no other file. Evidence is compressed, and
 * unpacked on demand.
 */
export async function renderPage(report: RunReport, evidenceDir: string): Promise<string> {
  const names = report.tests.flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence]));
  const packed = await Promise.all(names.map((name) => packedEvidence(join(evidenceDir, name), name)));
  const { failed, passed, flaky, skipped } = report.totals;
  const totals = `${passed + flaky} passed, ${failed} failed, ${skipped} skipped`;
  return htmlPage({
    title: `${totals}: kata-cc-suite`,
    noScript: `${totals}. The details need JavaScript; report.json contains them as well.`,
    data: withoutFields(report),
    more: packed,
    entry: './page/report-page.tsx',
  });
}

/** Content of a page: its data, and the script that shows them. */
interface PageContent {
  readonly title: string;
  /** What the page says without JavaScript. */
  readonly noScript: string;
  /** Embedded as JSON; the script reads it from the element `report`. */
  readonly data: unknown;
  /** More elements. */
  readonly more?: readonly string[];
  /** The page's script, relative to this file. */
  readonly entry: string;
}

/** An HTML page as one file that needs no network and no other file. */
export async function htmlPage({ data, entry, more = [], noScript, title }: PageContent): Promise<string> {
  const script = bundled(entry);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // The policy forbids requests: the page needs none, and a test's output on the page must not cause any.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">`,
    '<link rel="icon" href="data:,">',
    `<title>${title}</title>`,
    `<style>${await readFile(new URL('./page/style.css', import.meta.url), 'utf8')}</style>`,
    `<div id="page"><noscript>${noScript}</noscript></div>`,
    `<script type="application/json" id="report">${harmless(JSON.stringify(data))}</script>`,
    ...more,
    `<script>${script.replaceAll('</script', '<\\/script')}</script>`,
    '</html>',
    '',
  ].join('\n');
}

/** A report without the fields of each call, which the page does not show; report.json has them. */
function withoutFields(report: RunReport): RunReport {
  const tests = report.tests.map((test) => ({ ...test, calls: test.calls.map((call) => ({ ...call, fields: [] })) }));
  return { ...report, tests };
}

/**
 * Bundles the page's script by `buildSync`, in a process of its own: Ctrl-C ends esbuild's service for `build`, which
 * never restarts.
 */
function bundled(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * The evidence of a test, compressed. Evidence whose directory is gone (pruned, or not copied with a shard) is left
 * out, which the page then says, and so is evidence that cannot be read because a worker was killed while writing it.
 */
async function packedEvidence(directory: string, name: string): Promise<string> {
  const index = await readIndex(join(directory, EVIDENCE_INDEX));
  if (index === undefined) return '';
  // Parsed console files are left out: the page parses the raw files itself.
  const files = index.files.filter(({ kind }) => kind !== 'parsed');
  const texts = await Promise.all(
    files.map(async (file) => [file.name, await tail(join(directory, file.name))] as const),
  );
  const bundle: EvidenceBundle = { ...index, files, texts: Object.fromEntries(texts) };
  const bytes = await promisify(gzip)(JSON.stringify(bundle));
  return `<script type="text/plain" id="evidence-${name}">${bytes.toString('base64')}</script>`;
}

async function readIndex(path: string): Promise<Evidence | undefined> {
  try {
    const index = JSON.parse(await readFile(path, 'utf8')) as Evidence;
    return Array.isArray(index.files) ? index : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function tail(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
  return text.length <= LONGEST_FILE
    ? text
    : `… the first ${text.length - LONGEST_FILE} characters are in the evidence folder only\n${text.slice(-LONGEST_FILE)}`;
}

/** Escapes JSON so that it cannot end the HTML element that contains it. */
function harmless(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
