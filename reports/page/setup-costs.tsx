import type { RunReport } from '../model.ts';
import { duration } from './format.ts';
import { Scroll } from './scroll.tsx';

/** What set-up cost: a row for the steps of every run, and one for each optional part of this one. */
export function SetupCosts({ report: { setupCosts } }: { report: RunReport }) {
  if (setupCosts.length === 0) return null;
  return (
    <Scroll label="what set-up cost">
      <table>
        <caption>What set-up cost, as sums of steps, some of which run at the same time</caption>
        <thead>
          <tr>
            <th scope="col">part</th>
            <th scope="col">steps</th>
            <th scope="col">built in this run</th>
            <th scope="col">from nothing</th>
            <th scope="col">in this run</th>
          </tr>
        </thead>
        <tbody>
          {setupCosts.map(({ built, durationMs, fromNothingMs, part, steps }) => (
            <tr>
              <th scope="row">{part}</th>
              <td class="number">{steps}</td>
              <td class="number">{built}</td>
              <td class="number">{fromNothingMs === undefined ? 'unknown' : duration(fromNothingMs)}</td>
              <td class="number">{duration(durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
