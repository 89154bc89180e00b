import type { RunReport } from '../model.ts';
import { duration } from './format.ts';
import { Scroll } from './scroll.tsx';

interface Bar {
  readonly id?: string;
  readonly title: string;
  readonly kind: string;
  readonly from: number;
  readonly ms: number;
}

interface Lane {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const HEIGHT = 18;
const LABELS = 220;
const WIDTH = 1_000;
const LONGEST_LABEL = 38;
/** Half the width of a centred time label, in pixels, so that the last label is not cut off. */
const HALF_LABEL = 34;

/** Set-up and tests on one time axis: a lane for each step, then one for each file. */
export function Timeline({ report, onOpen }: { report: RunReport; onOpen: (id: string) => void }) {
  const lanes = [...setupLanes(report), ...fileLanes(report)];
  const bars = lanes.flatMap((lane) => lane.bars);
  if (bars.length === 0) return <p class="quiet">No durations were recorded.</p>;
  const from = bars.reduce((least, bar) => Math.min(least, bar.from), Number.POSITIVE_INFINITY);
  const to = bars.reduce((most, bar) => Math.max(most, bar.from + bar.ms), from);
  const scale = (at: number): number => LABELS + ((at - from) / Math.max(1, to - from)) * (WIDTH - LABELS);
  const ticks = ticksOf(to - from);
  const open = (event: MouseEvent): void => {
    const id = (event.target as Element).getAttribute('data-id');
    if (id !== null) onOpen(id);
  };
  const label = `set-up and tests over ${duration(to - from)}`;
  return (
    <Scroll label={label}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list of tests has the same links for keyboard users */}
      <svg
        class="timeline"
        viewBox={`0 0 ${WIDTH} ${lanes.length * HEIGHT + 20}`}
        role="img"
        aria-label={label}
        onClick={open}
      >
        {ticks.map((ms) => (
          <g>
            <line class="tick" x1={scale(from + ms)} x2={scale(from + ms)} y1={0} y2={lanes.length * HEIGHT} />
            <text class="label" x={Math.min(scale(from + ms), WIDTH - HALF_LABEL)} y={lanes.length * HEIGHT + 14}>
              {duration(ms)}
            </text>
          </g>
        ))}
        {lanes.map((lane, index) => (
          <g>
            <text class="lane" x={LABELS - 8} y={index * HEIGHT + 12}>
              {lane.title.length > LONGEST_LABEL ? `${lane.title.slice(0, LONGEST_LABEL - 1)}…` : lane.title}
            </text>
            {lane.bars.map((bar) => (
              <rect
                class={bar.kind}
                data-id={bar.id}
                x={scale(bar.from)}
                y={index * HEIGHT + 3}
                width={Math.max(1.5, scale(bar.from + bar.ms) - scale(bar.from) - 0.5)}
                height={HEIGHT - 6}
              >
                <title>{`${bar.title}: ${duration(bar.ms)}`}</title>
              </rect>
            ))}
          </g>
        ))}
      </svg>
    </Scroll>
  );
}

/** Lanes of the set-up on the time axis: one for each step; with shards, one for each shard, to limit their number. */
function setupLanes({ subjects }: RunReport): Lane[] {
  return subjects.flatMap(({ setup, shard }) => {
    const bars = setup.map((step) => ({
      title: `${step.title}, ${step.outcome}`,
      kind: `setup ${step.outcome}`,
      from: step.startedAt,
      ms: step.durationMs,
    }));
    if (shard !== undefined) return [{ title: `set-up of shard ${shard}`, bars }];
    return setup.map(({ title }, index) => ({ title, bars: bars.slice(index, index + 1) }));
  });
}

function fileLanes({ tests }: RunReport): Lane[] {
  const files = [...new Set(tests.map(({ file }) => file))].sort();
  return files.map((file) => ({
    title: file.replace(/^suites\//, '').replace(/\.spec\.ts$/, ''),
    bars: tests.flatMap((test) =>
      test.file !== file || test.startedAt === undefined || test.outcome === 'skipped'
        ? []
        : [{ id: test.id, title: test.name, kind: test.outcome, from: test.startedAt, ms: test.durationMs }],
    ),
  }));
}

/** Positions of the time axis's ticks: four to eight, at round numbers. */
function ticksOf(ms: number): number[] {
  const rough = ms / 6;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power;
  return Array.from({ length: Math.floor(ms / step) + 1 }, (_, index) => index * step);
}
