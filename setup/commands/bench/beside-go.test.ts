import { expect, test } from 'vitest';
import { besideGo } from './beside-go.ts';

const GO = { callsPerSecond: 100_000, p50: 0.02, p99: 0.1 };

test.for([
  [90_000, '>= 0.9 x the calls', true],
  [89_000, '>= 0.9 x the calls', false],
] as const)(
  'the rpc bench judges a client that makes %i calls a second beside 100000 of Go: %s, kept: %s',
  ([callsPerSecond, bound, kept]) => {
    const ours = { ...GO, callsPerSecond, p50: 1 };
    expect(besideGo(ours, GO, { inFlight: 64, small: true })).toMatchObject({
      ratio: callsPerSecond / 100_000,
      wanted: { bound, kept },
    });
  },
);

test.for([
  [0.022, true],
  [0.0225, false],
] as const)('the rpc bench judges a call of %d ms beside 0.020 ms of Go: kept: %s', ([p50, kept]) => {
  const ours = { ...GO, callsPerSecond: 1, p50 };
  expect(besideGo(ours, GO, { inFlight: 1, small: true }).wanted).toEqual({ bound: '<= 1.1 x the time', kept });
});

test('the rpc bench shows the ratio of large messages without a bound', () => {
  const row = besideGo({ ...GO, callsPerSecond: 50_000 }, GO, { inFlight: 64, small: false });
  expect(row).toEqual({ beside: 'Go: 100000 calls/s, p50 0.020 ms, p99 0.100 ms', ratio: 0.5 });
});
