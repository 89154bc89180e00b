import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The example server's response to a request that is neither a list nor a watch. */
type Answer = { readonly status: number; readonly body: unknown };

/** An event of a Kubernetes watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR';
  readonly object: object;
}

/**
 * A server that implements the part of the Kubernetes API that {@link watchUntil} needs, for the harness's own tests.
 */
export interface ExampleApi extends AsyncDisposable {
  readonly kubeconfig: string;
  /** Method, path and query of each request, oldest first. */
  readonly requests: readonly string[];
}

/**
 * Starts the example API server. `lists` are the responses to successive list requests; the last one repeats. `watches`
 * are the events of each watch before the server ends it; `open` keeps the watch open.
 */
export async function startExampleApi(behaviour: {
  readonly lists?: readonly (readonly object[] | Answer)[];
  readonly watches?: readonly (readonly (WatchEvent | 'open')[])[];
  readonly other?: (method: string, path: string) => Answer;
}): Promise<ExampleApi> {
  const { lists = [[]], other, watches = [] } = behaviour;
  const requests: string[] = [];
  const [listed, watched] = [[...lists], [...watches]];
  const answer = (method: string, url: string): Answer => {
    const isList = url.includes('fieldSelector') && !url.includes('/events');
    if (!isList) return other?.(method, url) ?? { status: 200, body: { kind: 'EventList', metadata: {}, items: [] } };
    const next = (listed.length > 1 ? listed.shift() : listed[0]) ?? [];
    if ('status' in next) return next;
    return { status: 200, body: { kind: 'PodList', metadata: { resourceVersion: '7' }, items: next } };
  };
  const serve = ({ method = 'GET', url = '' }: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${method} ${url}`);
    if (url.includes('watch=true')) tell(response, watched.shift() ?? ['open']);
    else send(response, answer(method, url));
  };
  const server = createServer(serve);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-api-'));
  const kubeconfig = join(directory, 'config');
  await writeFile(kubeconfig, kubeconfigFor(`http://127.0.0.1:${port}`));
  return {
    kubeconfig,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true });
    },
  };
}

/** A kubeconfig for a server without authentication. */
export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'example',
    contexts: [{ name: 'example', context: { cluster: 'example', user: 'example' } }],
    clusters: [{ name: 'example', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'example', user: {} }],
  });
}

function tell(response: ServerResponse, changes: readonly (WatchEvent | 'open')[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  for (const change of changes) if (change !== 'open') response.write(`${JSON.stringify(change)}\n`);
  if (!changes.includes('open')) response.end();
}

function send(response: ServerResponse, { body, status }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
