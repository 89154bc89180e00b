import { builtWithCargo, builtWithGo } from '../../config/pins.ts';
import { namesSource } from '../../config/resolve.ts';
import type { TargetedConfig } from '../../config/validated.ts';
import type { CheckResult } from '../../host/doctor.ts';

/** Whether cargo and Go, by their paths, are there for what the settings build with them. Set-up installs neither. A pure function. */
export function toolchainFindings(
  config: TargetedConfig,
  { cargo, go }: Readonly<Record<'cargo' | 'go', string | undefined>>,
): readonly CheckResult[] {
  const { agent, target } = config;
  const agentBySource = target !== 'kata' && agent === 'auto' && namesSource(config);
  const withCargo = [...(agentBySource ? ['the agent'] : []), ...builtWithCargo(config)];
  return [
    ...finding('cargo', 'Rust (https://rustup.rs)', withCargo, cargo),
    ...finding('go', 'Go (https://go.dev)', builtWithGo(config), go),
  ];
}

function finding(
  tool: string,
  toolchain: string,
  builds: readonly string[],
  path: string | undefined,
): readonly CheckResult[] {
  if (builds.length === 0) return [];
  const what = `${tool} for ${builds.join(', ')}`;
  return path === undefined
    ? [{ what, problem: `${tool} is missing, for ${builds.join(', ')}; install ${toolchain}` }]
    : [{ what: `${what}: ${path}` }];
}
