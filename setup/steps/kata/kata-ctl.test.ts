import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { kataCtlSteps } from './kata-ctl.ts';

test.for([
  [{ KATA_CTL: 'source' }, 'rs', ['kata-ctl']],
  [{ KATA_CTL: 'source' }, 'go', []],
  [{ KATA_CTL: 'source', KATA_BUNDLE: '/tmp' }, 'rs', []],
  [{}, 'rs', []],
] as const)('the steps for kata-ctl with %j and the runtime %s: %j', ([environment, builtRuntime, ids]) => {
  const config = { ...withTarget('kata', loadConfig(environment)), builtRuntime };
  expect(kataCtlSteps(config).map(({ id }) => id)).toEqual(ids);
});
