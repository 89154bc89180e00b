import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { diagnose, obstacles, renderChecks } from './doctor.ts';
import { exampleHost } from './example-host.ts';
import { absent, held, PRIVILEGES, type Privilege } from './privileges.ts';

const ALL = Object.keys(PRIVILEGES) as Privilege[];
const config = withTarget('local', loadConfig({}));

test('the doctor lists the required privileges and their use', () => {
  const said = renderChecks(diagnose(config, exampleHost()));
  for (const name of ALL) expect(said).toContain(`${name}: ${PRIVILEGES[name].use}`);
});

test.for(ALL)('the doctor reports root without %s in one line', (missing) => {
  const privileges = ALL.filter((name) => name !== missing);
  expect(obstacles(diagnose(config, exampleHost({ privileges })))).toEqual([
    `root lacks ${missing}, needed for ${PRIVILEGES[missing].use}; run with this capability`,
  ]);
});

test('held reads a mask of Linux capabilities from its lowest bit', () => {
  expect(held(0n)).toEqual([]);
  expect(held(1n << 21n)).toEqual(['CAP_SYS_ADMIN']);
  expect(held(0x1ffffffffffn)).toEqual(ALL);
});

test('absent lists the Linux capabilities that a mask lacks, up to the last of the kernel', () => {
  expect(absent(0x1fffeffffffn, 40)).toEqual([24]);
  expect(absent(0x1ffffffffffn, 40)).toEqual([]);
  expect(absent(0x1ffffffffffn, 41)).toEqual([41]);
});
