import { expect, test } from 'vitest';
import { droppedOptions } from './distro-source-kernel.ts';

test('droppedOptions returns the requested kernel options that the resulting .config lacks or has with another value', () => {
  const wanted = 'CONFIG_A=y\n# a comment\n# CONFIG_B is not set\nCONFIG_C="text"\nCONFIG_D=y\n# CONFIG_E is not set\n';
  const got = 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="other"\n# CONFIG_D is not set\nCONFIG_E=m\n';
  expect(droppedOptions(wanted, got)).toEqual(['CONFIG_C="text"', 'CONFIG_D=y', 'CONFIG_E=n']);
});
