import { loadConfig } from '../../config/config.ts';
import { TOOLS, toolsFor } from '../../config/pins.ts';
import { withTarget } from '../../config/validated.ts';

/** Default name of the suite image, which .ci/nightly-job.yaml runs. No registry can have a name below `localhost`. */
export const SUITE_IMAGE = 'localhost/kata-cc-suite:latest';

/** This project's directory in the suite image. */
export const SUITE_DIRECTORY = '/suite';

/** Programs of the suite image on its `PATH`, and where they are in this project. */
export const SUITE_LINKS: Readonly<Record<string, string>> = {
  node: `node_modules/node-linux-${process.arch}/bin/node`,
  pnpm: 'node_modules/pnpm/bin/pnpm.cjs',
};

/** Environment of the suite image. */
export const SUITE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  KATA_TARGET: 'local',
  KATA_AGENT: 'stand-in',
};

/** Distribution packages of the suite image, sorted: those with the programs that target `local` needs. */
export function suitePackages(): string[] {
  const config = withTarget('local', loadConfig({ KATA_AGENT: 'stand-in' }));
  return [...new Set(toolsFor(config).map((tool) => TOOLS[tool]))].sort();
}
