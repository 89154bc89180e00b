import { defined } from '../../helpers/defined.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { parseKbsVersion } from '../../helpers/kbs/version.ts';
import { run } from '../../helpers/process/exec.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { ServiceStep, Step, StepContext } from '../step.ts';

const VERSION_TIMEOUT_MS = 8_000;

/** Step that checks the user's KBS. Its result is the absolute path of the program, which fixtures start. */
export const customKbs: ServiceStep<string> = {
  kind: 'service',
  id: 'kbs',
  module: import.meta.url,
  title: 'KBS (key broker service)',
  needs: () => [],
  timeoutMs: 10_000,
  async start({ config: { kbs: program = '' }, signal }) {
    const fail = (problem: string, cause?: unknown): never => {
      throw new ProvisionError('kbs', `KATA_KBS=${program}: ${problem}`, { cause });
    };
    const { stdout } = await run([program, '--version'], { signal, timeoutMs: VERSION_TIMEOUT_MS }).catch(
      (cause: unknown) => fail(`--version failed: ${messageOf(cause)}`, cause),
    );
    if (parseKbsVersion(stdout) === undefined) {
      fail(`it is no KBS of trustee: --version prints ${JSON.stringify(stdout.split('\n', 1)[0])}`);
    }
    return program;
  },
};

type KbsSetting = Pick<ResolvedConfig, 'kbs'>;

/** The steps that provide a KBS; none if `KATA_KBS` is unset. */
export function kbsSteps({ kbs }: KbsSetting): readonly Step[] {
  return kbs === undefined ? [] : [customKbs];
}

/** The program of a KBS; empty if the configuration has none. */
export function kbsOf({ kbs }: KbsSetting, { result }: Pick<StepContext, 'result'>): { readonly kbs?: string } {
  return kbs === undefined ? {} : defined({ kbs: result(customKbs) });
}
