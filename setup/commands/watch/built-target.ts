import type { SetupFact } from '../../../helpers/contract/run-facts.ts';
import { HarnessError } from '../../../helpers/errors.ts';
import { rememberTarget } from '../../config/choose-target.ts';
import { gitDirectory } from '../../config/git-store.ts';
import { kataRevision } from '../../config/resolve.ts';
import { AGENT_PART, sourceDigest } from '../../config/source-paths.ts';
import { type OpenSession, openSession } from '../../session/open-session.ts';
import { changedFiles } from './checkout.ts';
import type { ChangedFile } from './served-methods.ts';

/** The target with the agent of a checkout: set up once, then renewed when the agent's source has changed. Disposing undoes set-up. */
export class BuiltTarget implements AsyncDisposable {
  readonly #checkout: string;
  #session: OpenSession | undefined;
  /** Digest of the source from which the agent was built. */
  #digest: string | undefined;
  #timings: readonly SetupFact[] = [];
  /** Whether a guest has started with the agent. */
  #checked = false;

  constructor(checkout: string) {
    this.#checkout = checkout;
  }

  /** What was set up; `undefined` before the first set-up has succeeded. */
  get session(): OpenSession | undefined {
    return this.#session;
  }

  /**
   * Builds the agent as its source is now, and passes it to the target, which the first call sets up. Returns the files that have changed since
   * the last build, or `undefined` if none has. Rejects if the agent does not compile; the target then keeps the one it had. Whether the agent
   * of a later call starts, {@link check} tells.
   */
  async update(signal: AbortSignal): Promise<readonly ChangedFile[] | undefined> {
    if (this.#session === undefined) {
      this.#session = await openSession({ signal, live: true });
      this.#digest = await digestOf(this.#session.config);
      this.#timings = this.#session.timings;
      this.#checked = true;
      await rememberTarget(this.#session.config);
      return [];
    }
    const session = this.#session;
    const { source } = session.config;
    if (source === undefined) throw new HarnessError('watch', 'the agent of this target is not built from source');
    const revision = await kataRevision(session.config, signal);
    const digest = await digestOf({ ...session.config, source: revision });
    if (digest === this.#digest) return undefined;
    const places = { checkout: this.#checkout, store: gitDirectory(session.config), signal };
    const changed = await changedFiles(source.snapshot, revision.snapshot, places);
    await session.renewAgent(revision, signal);
    this.#digest = digest;
    this.#timings = session.timings;
    this.#checked = false;
    return changed;
  }

  /** Starts a guest with the agent, unless one has started. Rejects if it does not start; later calls then try again. */
  async check(signal: AbortSignal): Promise<void> {
    if (this.#checked) return;
    await this.#session?.checkAgent(signal);
    this.#checked = true;
  }

  /** The steps of set-up since the last call. */
  takeTimings(): readonly SetupFact[] {
    const timings = this.#timings;
    this.#timings = [];
    return timings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
  }
}

function digestOf(
  config: Parameters<typeof sourceDigest>[2] & { readonly source?: Parameters<typeof sourceDigest>[1] },
): Promise<string> {
  return sourceDigest(AGENT_PART, config.source, config);
}
