/** A line of a registry's log about a request. Source: the access log of Distribution, in Apache's combined format. */
const REQUEST = /^\S+ - \S* \[[^\]]*\] "([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3}) /gm;

/** Requests that a registry has answered, from its log: a line for each, such as `GET /v2/library/small/tags/list 200`. */
export function answeredRequests(log: string): string {
  return [...log.matchAll(REQUEST)].map(([, method, path, status]) => `${method} ${path} ${status}\n`).join('');
}
