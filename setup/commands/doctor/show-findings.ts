import { findCargo, findGo } from '../../config/toolchains.ts';
import { diagnose, obstacles, renderChecks } from '../../host/doctor.ts';
import { inspectTarget } from '../../session/inspect-target.ts';
import { runtimeFinding } from './runtime-finding.ts';
import { toolchainFindings } from './toolchain-findings.ts';

/** Prints whether this machine can run the target, and sets the exit code. */
export async function showFindings(): Promise<void> {
  const { config, host, versions } = await inspectTarget();
  const { checks, runtime = config.runtime } = await runtimeFinding(config);
  const toolchains = { cargo: await findCargo(config.outbound), go: await findGo(config.outbound) };
  const findings = [
    ...checks,
    ...toolchainFindings({ ...config, runtime }, toolchains),
    ...diagnose(config, host, versions),
  ];
  console.log(renderChecks(findings));
  const problems = obstacles(findings);
  console.log(problems.length === 0 ? `ready for KATA_TARGET=${config.target}` : notReady(problems));
  if (problems.length > 0) process.exitCode = 1;
}

/** The last line of the doctor, which names a problem that is the only one. */
export function notReady(problems: readonly string[]): string {
  return problems.length === 1 ? `not ready: ${problems[0]}` : `not ready: ${problems.length} problems, above`;
}
