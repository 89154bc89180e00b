import { findCargo, findGo } from '../../config/toolchains.ts';
import { diagnose, obstacles, renderChecks } from '../../host/doctor.ts';
import { inspectTarget } from '../../session/inspect-target.ts';
import { runtimeFinding } from './runtime-finding.ts';
import { toolchainFindings } from './toolchain-findings.ts';

/** Prints whether this machine can run the target, and sets the exit code. */
export async function showFindings(): Promise<void> {
  const { config, host, versions } = await inspectTarget();
  const toolchains = { cargo: await findCargo(config.outbound), go: await findGo(config.outbound) };
  const chosen = [...(await runtimeFinding(config)), ...toolchainFindings(config, toolchains)];
  const findings = [...chosen, ...diagnose(config, host, versions)];
  console.log(renderChecks(findings));
  const found = obstacles(findings);
  console.log(found.length === 0 ? `ready for KATA_TARGET=${config.target}` : notReady(found));
  if (found.length > 0) process.exitCode = 1;
}

function notReady(obstacles: readonly string[]): string {
  return obstacles.length === 1 ? `not ready: ${obstacles[0]}` : `not ready: ${obstacles.length} problems, above`;
}
