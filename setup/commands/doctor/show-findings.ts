import { diagnose, obstacles, renderChecks } from '../../host/doctor.ts';
import { inspectTarget } from '../../session/inspect-target.ts';
import { runtimeFinding } from './runtime-finding.ts';

/** Prints whether this machine can run the target, and sets the exit code. */
export async function showFindings(): Promise<void> {
  const { config, host, versions } = await inspectTarget();
  const findings = [...(await runtimeFinding(config)), ...diagnose(config, host, versions)];
  console.log(renderChecks(findings));
  const found = obstacles(findings);
  console.log(found.length === 0 ? `ready for KATA_TARGET=${config.target}` : `not ready: ${found[0]}`);
  if (found.length > 0) process.exitCode = 1;
}
