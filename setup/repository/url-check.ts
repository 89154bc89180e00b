import { messageOf } from '../../helpers/errors.ts';

const TIMEOUT_MS = 30_000;

/** Why a URL does not answer with a page; `undefined` if it does. */
export async function whyUnreachable(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? undefined : `${response.status} ${response.statusText}`;
  } catch (error) {
    // The cause is reported, because fetch's error says only that it failed.
    return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }
}
