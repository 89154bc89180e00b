/** A request that a KBS has answered, `GET resource/default/test/key 401`: the path is relative to /kbs/v0/. */
export type AnsweredRequest = string;

/** The requests in the log of a KBS, in order. Source: the format of actix-web's middleware Logger. */
export function requestsIn(log: string): readonly AnsweredRequest[] {
  return [...log.matchAll(/"(\w+) \/kbs\/v0\/(\S+) HTTP\/[\d.]+" (\d+)/g)].map(
    ([, method = '', path = '', status = '']) => `${method} ${path} ${status}`,
  );
}

/** The address in the log of a KBS on which it listens; `undefined` if it does not listen yet. */
export function listeningIn(log: string): string | undefined {
  return /listening on: (127\.0\.0\.1:\d+)/.exec(log)?.[1];
}
