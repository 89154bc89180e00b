import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { EvidenceBundle, GuestEvidence } from '../../helpers/contract/evidence.ts';
import { type ConsoleLine, parseConsole } from '../../helpers/guest-console/parse.ts';
import type { Failure, Test } from '../model.ts';
import { type CallGroup, clockOffset, layOut, type PlacedLine } from './axis.ts';
import { readEvidence } from './data.ts';
import { duration, many } from './format.ts';
import { Scroll } from './scroll.tsx';

/** Details of a test: failures, RPC calls, console, files in the guest, and the command that runs the test again. */
export function Details({ test }: { test: Test }) {
  const bundle = useEvidence(test.evidence);
  return (
    <div class="details">
      <p class="facts">
        {test.file}
        {test.tags.map((tag) => (
          <span class="tag">{tag}</span>
        ))}
        {test.retries > 0 && <span>{many(test.retries, 'retry').replace('retrys', 'retries')}</span>}
      </p>
      {test.reason !== undefined && <p>Not run: {test.reason}</p>}
      {test.failures.map((failure) => (
        <FailureView failure={failure} />
      ))}
      {test.evidence === undefined ? <CallCounts test={test} /> : <BundleView bundle={bundle} />}
    </div>
  );
}

function useEvidence(name: string | undefined): EvidenceBundle | 'absent' | undefined {
  const [bundle, setBundle] = useState<EvidenceBundle | 'absent'>();
  useEffect(() => {
    if (name === undefined) return;
    readEvidence(name).then(
      (found) => setBundle(found ?? 'absent'),
      () => setBundle('absent'),
    );
  }, [name]);
  return bundle;
}

function FailureView({ failure }: { failure: Failure }) {
  return (
    <section class="failure" aria-label="failure">
      <p class="message">
        <b>
          {failure.name}
          {failure.code === undefined ? '' : ` ${failure.code}`}
        </b>{' '}
        {failure.message}
      </p>
      {failure.causes?.map((cause) => (
        <p class="message">caused by {cause}</p>
      ))}
      {failure.diff !== undefined && <Diff text={failure.diff} />}
      {failure.stack.length > 0 && <p class="stack">at {failure.stack.slice(0, 6).join(' ← ')}</p>}
    </section>
  );
}

function Diff({ text }: { text: string }) {
  const kind = (line: string): string => (line.startsWith('-') ? 'minus' : line.startsWith('+') ? 'plus' : '');
  return (
    <Pre label="difference">
      {text.split('\n').map((line) => (
        <span class={kind(line)}>{`${line}\n`}</span>
      ))}
    </Pre>
  );
}

/** Numbers of RPC calls of a test without evidence. */
function CallCounts({ test }: { test: Test }) {
  if (test.calls.length === 0) return <p class="quiet">This test made no calls to the agent, and has no evidence.</p>;
  return (
    <p class="quiet">
      {test.calls.map(({ method, status, durationsMs }) => `${durationsMs.length} × ${method} ${status}`).join(', ')}.
      Evidence is kept of failed tests; KATA_EVIDENCE=always keeps it of all tests.
    </p>
  );
}

function BundleView({ bundle }: { bundle: EvidenceBundle | 'absent' | undefined }) {
  if (bundle === undefined) return <p class="quiet">unpacking …</p>;
  if (bundle === 'absent') return <p class="quiet">The evidence of this test was missing when this page was built.</p>;
  const of = (kind: string) => bundle.files.filter((file) => file.kind === kind);
  return (
    <>
      <Reproduce command={bundle.reproduce} />
      {bundle.guests.map((guest) => (
        <Before guest={guest} />
      ))}
      <TimeAxis bundle={bundle} />
      {of('skopeo').map((file) => (
        <FileView title={file.title} text={bundle.texts[file.name] ?? ''} open />
      ))}
      {of('files').map((file) => (
        <FileView title={`${file.title}`} text={bundle.texts[file.name] ?? ''} open />
      ))}
      {bundle.guests.map(({ kernelParameters, sandboxId }) => (
        <FileView title={`kernel parameters of ${sandboxId}`} text={kernelParameters.replaceAll(' ', '\n')} />
      ))}
      {[...of('host'), ...of('console')].map((file) => (
        <FileView title={file.title} text={bundle.texts[file.name] ?? ''} />
      ))}
    </>
  );
}

/** Names the specs that used the guest before this test, since they may have changed its state. */
function Before({ guest: { before, sandboxId } }: { guest: GuestEvidence }) {
  if (before.length === 0) return null;
  return (
    <p class="quiet">
      {sandboxId} had already run the tests of {before.join(', ')}; the command above runs this test in a fresh guest.
    </p>
  );
}

function Reproduce({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard?.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <p class="reproduce">
      <code>{command}</code>
      <button type="button" onClick={copy}>
        {copied ? 'copied' : 'copy'}
      </button>
    </p>
  );
}

function FileView({ title, text, open = false }: { title: string; text: string; open?: boolean }) {
  const [shown, setShown] = useState(open);
  return (
    <details open={open} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        {title} <span class="quiet">{many(text.trimEnd().split('\n').length, 'line')}</span>
      </summary>
      {shown && <Pre label={title}>{text}</Pre>}
    </details>
  );
}

function Pre({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <Scroll label={label} class="pre">
      <pre>{children}</pre>
    </Scroll>
  );
}

/** If a console has more lines than this, its debug lines are hidden at first. */
const MANY_LINES = 40;

function TimeAxis({ bundle }: { bundle: EvidenceBundle }) {
  const said = useMemo(() => saidIn(bundle), [bundle]);
  const [debug, setDebug] = useState(said.lines.length <= MANY_LINES);
  const shown = debug ? said.lines : said.lines.filter(({ line }) => line.level !== 'debug' && line.level !== 'trace');
  const axis = useMemo(() => layOut(bundle.calls, shown, bundle.startedAt), [bundle, shown]);
  const guests = bundle.guests.length;
  if (axis.calls.length + axis.lines.length === 0) return <p class="quiet">No calls and no console output.</p>;
  return (
    <section aria-label="calls and console">
      <p class="axis-head">
        <b>Calls</b>
        <b>
          Guest console
          {said.offset !== 0 && (
            <span class="quiet"> guest clock off by {duration(Math.abs(said.offset))}; times are corrected</span>
          )}
          {said.hidden > 0 && (
            <button type="button" aria-pressed={debug} onClick={() => setDebug(!debug)}>
              {debug ? 'without' : 'with'} {many(said.hidden, 'debug line')}
            </button>
          )}
        </b>
      </p>
      <div class="axis" style={`--lanes: repeat(${axis.lanes}, minmax(0, ${(2 / axis.lanes).toFixed(2)}fr))`}>
        {rows(axis.calls, axis.lines, bundle.startedAt).map(({ item, time }) => (
          <>
            {time !== undefined && (
              <span class="at" style={place(item.row, item.row + 1, 0)}>
                {time}
              </span>
            )}
            {'call' in item ? <CallBox group={item} /> : <LineView placed={item} named={guests > 1} />}
          </>
        ))}
      </div>
    </section>
  );
}

/** RPC calls and console lines in order of time; each with its time if that differs from the previous one. */
function rows(calls: readonly CallGroup[], lines: readonly PlacedLine[], begun: number) {
  let before = '';
  return [...calls, ...lines]
    .sort((a, b) => a.row - b.row)
    .map((item) => {
      const time = ((('call' in item ? item.from : item.at) - begun) / 1_000).toFixed(3);
      const shown = time === before ? undefined : time;
      before = time;
      return { item, time: shown };
    });
}

function saidIn(bundle: EvidenceBundle) {
  let offset = 0;
  const lines = bundle.guests.flatMap(({ sandboxId }) => {
    const parsed = parseConsole(bundle.texts[`${sandboxId}-console.log`] ?? '');
    const own = clockOffset(parsed, bundle.startedAt, bundle.endedAt);
    if (own !== 0) offset = own;
    const corrected = (line: ConsoleLine): ConsoleLine => ({
      ...line,
      at: line.at === undefined ? undefined : line.at - own,
    });
    return parsed.map((line) => ({ guest: sandboxId, line: corrected(line) }));
  });
  return { lines, offset, hidden: lines.filter(({ line }) => line.level === 'debug' || line.level === 'trace').length };
}

function place(row: number, end: number, lane: number): string {
  return `--row: ${row}; --end: ${end}; --lane: ${lane}`;
}

function CallBox({ group }: { group: CallGroup }) {
  const { call, count, from, to, row, end, lane } = group;
  const ok = call.status === 'ok';
  return (
    <div class={`call ${ok ? 'ok' : 'refused'}`} style={place(row, end, lane)}>
      <p>
        <b>{call.method}</b> {count > 1 && <b>{count} times</b>}{' '}
        <span class="quiet">{duration(count > 1 ? to - from : call.durationMs)}</span>
      </p>
      <Message value={call.request} />
      <p class="answer">
        {ok ? 'ok' : <b>{call.status}</b>} {call.details}
      </p>
      {call.response !== undefined && <Message value={call.response} />}
    </div>
  );
}

/** An RPC request or response, one field per line; long ones are folded. */
function Message({ value }: { value: unknown }) {
  const [open, setOpen] = useState(false);
  const text = fields(value);
  if (text === '') return null;
  const lines = text.split('\n');
  const folded = lines.length > 6 && !open;
  return (
    <div class="message">
      <code>{folded ? lines.slice(0, 5).join('\n') : text}</code>
      {lines.length > 6 && (
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'less' : `${lines.length - 5} more lines`}
        </button>
      )}
    </div>
  );
}

function fields(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : String(value);
  return Object.entries(value)
    .map(([key, item]) => `${key}: ${typeof item === 'string' ? item : JSON.stringify(item, null, 1)}`)
    .join('\n');
}

function LineView({ placed, named }: { placed: PlacedLine; named: boolean }) {
  const { guest, line, row } = placed;
  const pairs = Object.entries(line.pairs ?? {}).map(([key, value]) => `${key}=${value}`);
  return (
    <p class={`line ${line.level}`} style={place(row, row + 1, 0)}>
      <span class="from">
        {named ? `${guest} ` : ''}
        {line.from}
        {line.level === 'info' ? '' : ` ${line.level}`}
      </span>{' '}
      {line.message} {pairs.length > 0 && <span class="quiet">{pairs.join(' ')}</span>}
    </p>
  );
}
