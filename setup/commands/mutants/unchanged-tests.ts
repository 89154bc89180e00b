import type { Detection } from '../../../helpers/contract/detected.ts';
import { subjectKey } from '../../../helpers/contract/results-file.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { plainId } from './mute-choice.ts';
import type { Report } from './run-suites.ts';
import { checkUnchanged, whyNone } from './swap-verdict.ts';

/** Tests that depend on none of the inputs that mutants change, and that ask no CDH, and why. */
export const INDEPENDENT: readonly (readonly [test: RegExp, why: string])[] = [
  [/times out when the agent found no CDH/, 'the guest has no CDH'],
  [/file of cdh\.kbs_resources/, 'the CDH gets these files when it starts, before an agent asks it'],
  [/an agent without a CDH leaves a sealed environment variable sealed/, 'the guest has no CDH'],
  [
    /ExecProcess passes a sealed environment variable on as it is/,
    'the agent asks no CDH about a process of ExecProcess',
  ],
];

/** The agent that answered in a run, and the key of its results. */
interface AnsweringAgent {
  readonly agent: string;
  readonly key: string;
}

/**
 * The tests of a run without a mutant that depend on what mutants change, and the agent that answered. Throws if a test fails without a
 * mutant, or if none ran.
 */
export function unchangedTests({ subjects, tests }: Pick<Report, 'subjects' | 'tests'>): {
  readonly subject: AnsweringAgent;
  readonly tests: readonly string[];
} {
  checkUnchanged({ tests });
  const passed = tests.filter(({ outcome }) => outcome === 'passed').map(plainId);
  if (passed.length === 0) throw new Error(`no spec ran: ${whyNone({ tests })}`);
  return {
    subject: subjectOf({ subjects }),
    tests: passed.filter((id) => !INDEPENDENT.some(([test]) => test.test(id))),
  };
}

/** The agent that answered in a run. Throws if none did. */
export function subjectOf({ subjects }: Pick<Report, 'subjects'>): AnsweringAgent {
  const [subject] = subjects;
  if (subject === undefined) throw new Error('the suites did not run');
  return { agent: subject.agent.version, key: subjectKey({ ...subject, kind: subject.agent.kind }) };
}

/** Throws {@link ConfigError} if stored results are those of another agent. */
export function checkAgent(stored: Detection, agent: string): void {
  if (stored.agent !== agent)
    throw new ConfigError(`suites/detected.json has results of agent ${stored.agent}, not of ${agent}; use --again`);
}
