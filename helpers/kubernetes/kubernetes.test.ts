import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connectCluster } from './cluster.ts';
import { isNotFound } from './error.ts';
import { type ExampleApi, kubeconfigFor, startExampleApi, type WatchEvent } from './example-api.ts';
import { exitCodeOf } from './exec.ts';
import { readPodManifest } from './manifest.ts';
import { createNamespace, RUN_LABEL, removeNamespacesOf } from './namespace.ts';
import { type ClusterPod, createPod, podOf } from './pod.ts';

const WAIT_MS = 600;

const metadata = { name: 'a', namespace: 'n' };
const pending = { metadata, status: { phase: 'Pending', conditions: [] } };
const ready = { metadata, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
const failed = { metadata, status: { phase: 'Failed' } };
const modified = (object: object): WatchEvent => ({ type: 'MODIFIED', object });
const expired: WatchEvent = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } };

async function podBehind(api: ExampleApi): Promise<ClusterPod> {
  return podOf(await connectCluster(api.kubeconfig), 'n', 'a', WAIT_MS);
}

describe('pod.ready and pod.until', () => {
  test('pod.ready returns at once, without a watch, when the pod is ready already', async () => {
    await using api = await startExampleApi({ lists: [[ready]] });
    expect((await (await podBehind(api)).ready()).status?.phase).toBe('Running');
    expect(api.requests.filter((request) => request.includes('watch=true'))).toEqual([]);
  });

  test('pod.ready watches from the listed resource version and returns when an event shows the pod ready', async () => {
    await using api = await startExampleApi({
      lists: [[pending]],
      watches: [[modified(pending), modified(ready), 'open']],
    });
    await (await podBehind(api)).ready();
    const watch = '/api/v1/namespaces/n/pods?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=7';
    expect(api.requests.slice(1)).toEqual([`GET ${watch}`]);
  });

  test('pod.ready lists and watches again when the server ends the watch', async () => {
    await using api = await startExampleApi({
      lists: [[pending], [pending]],
      watches: [[modified(pending)], [modified(ready), 'open']],
    });
    await (await podBehind(api)).ready({ timeoutMs: 5_000 });
    expect(api.requests).toHaveLength(4);
  });

  test('pod.until lists again after 410 Expired, and does not take the error event for the pod', async () => {
    await using api = await startExampleApi({ lists: [[pending], [ready]], watches: [[expired]] });
    const seen: (string | undefined)[] = [];
    const judge = (pod: object | undefined): { readonly done: true } | undefined => {
      const { status } = (pod ?? {}) as { readonly status?: { readonly phase?: string } };
      seen.push(status?.phase);
      return status?.phase === 'Running' ? { done: true } : undefined;
    };
    await (await podBehind(api)).until('running', judge, { timeoutMs: 5_000 });
    expect(seen).toEqual(['Pending', 'Running']);
  });

  test('pod.ready retries after 503 from the API server', async () => {
    await using api = await startExampleApi({ lists: [{ status: 503, body: { message: 'starting' } }, [ready]] });
    await (await podBehind(api)).ready({ timeoutMs: 5_000 });
  });

  test('pod.ready fails at once with 403 from the API server', async () => {
    const body = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'not for you' };
    await using api = await startExampleApi({ lists: [{ status: 403, body }] });
    await expect((await podBehind(api)).ready()).rejects.toMatchObject({
      code: 'kubernetes',
      status: 403,
      message: 'listing /api/v1/namespaces/n/pods for a: [403 Forbidden] not for you',
    });
  });

  test('the error of a pod.ready that times out has the pod’s last state and its events', async () => {
    const event = { metadata: {}, involvedObject: {}, type: 'Warning', reason: 'FailedMount', message: 'no volume' };
    await using api = await startExampleApi({
      lists: [[pending]],
      other: () => ({ status: 200, body: { kind: 'EventList', metadata: {}, items: [event] } }),
    });
    await expect((await podBehind(api)).ready()).rejects.toMatchObject({
      code: 'timeout',
      message: `pod n/a ready did not happen within ${WAIT_MS} ms\nphase Pending, not scheduled\nevent Warning FailedMount: no volume`,
    });
  });

  test('pod.ready fails at once when the pod has failed, and gives the reason', async () => {
    await using api = await startExampleApi({ lists: [[pending]], watches: [[modified(failed), 'open']] });
    await expect((await podBehind(api)).ready({ timeoutMs: 20_000 })).rejects.toMatchObject({
      code: 'never',
      message: expect.stringMatching(
        /^pod n\/a ready cannot happen any more: the pod ended with phase Failed\nphase Failed/,
      ),
    });
  });

  test('pod.ready fails with the reason of its signal when it is aborted', async () => {
    await using api = await startExampleApi({ lists: [[pending]] });
    const given = new AbortController();
    const waiting = (await podBehind(api)).ready({ signal: given.signal, timeoutMs: 20_000 });
    given.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
  });

  test('pod.until fails with the error that its decide function throws', async () => {
    await using api = await startExampleApi({ lists: [[pending]], watches: [[modified(ready), 'open']] });
    const judge = (pod: object | undefined): undefined => {
      if (JSON.stringify(pod).includes('Running')) throw new Error('a judge that fails');
    };
    const waiting = (await podBehind(api)).until('judged', judge, { timeoutMs: 1_500 });
    await expect(waiting).rejects.toThrow('a judge that fails');
  });
});

describe('removal of pods and namespaces', () => {
  const gone = { status: 404, body: { kind: 'Status', code: 404, reason: 'NotFound', message: 'no such pod' } };
  const named = { status: 200, body: { metadata } };
  const created = { metadata, spec: { containers: [] } };

  test('disposing a pod deletes it with a grace period of 1 s and waits until it is gone', async () => {
    await using api = await startExampleApi({
      lists: [[pending]],
      watches: [[{ type: 'DELETED', object: pending }]],
      other: () => named,
    });
    await (await createPod(await connectCluster(api.kubeconfig), created, WAIT_MS))[Symbol.asyncDispose]();
    expect(api.requests.map((request) => request.split(/[ ?]/)[0])).toEqual(['POST', 'DELETE', 'GET', 'GET']);
    expect(api.requests[1]).toContain('gracePeriodSeconds=1');
  });

  test('createPod and createNamespace do not delete an existing object of the same name', async () => {
    const taken = {
      status: 409,
      body: { kind: 'Status', reason: 'AlreadyExists', message: 'pods "a" already exists' },
    };
    await using api = await startExampleApi({ other: () => taken });
    const cluster = await connectCluster(api.kubeconfig);
    await expect(createPod(cluster, created, WAIT_MS)).rejects.toThrow(
      'creating pod n/a: [409 AlreadyExists] pods "a" already exists',
    );
    await expect(createNamespace(cluster, 'n', {}, { timeoutMs: WAIT_MS })).rejects.toThrow(
      'creating namespace n: [409 AlreadyExists]',
    );
    expect(api.requests.every((request) => request.startsWith('POST'))).toBe(true);
  });

  test('createPod deletes the pod after an error 500, since it may have been created', async () => {
    await using api = await startExampleApi({
      lists: [[]],
      other: (method) => (method === 'POST' ? { status: 500, body: { message: 'etcd was away' } } : gone),
    });
    await expect(createPod(await connectCluster(api.kubeconfig), created, WAIT_MS)).rejects.toThrow('etcd was away');
    expect(api.requests.map((request) => request.split(' ')[0])).toEqual(['POST', 'DELETE']);
  });

  test('createNamespace deletes the namespace when its default service account does not appear', async () => {
    await using api = await startExampleApi({ lists: [[]], other: () => named });
    const cluster = await connectCluster(api.kubeconfig);
    await expect(createNamespace(cluster, 'n', {}, { timeoutMs: WAIT_MS })).rejects.toThrow(
      `creation of service account n/default did not happen within ${WAIT_MS} ms\nit does not exist`,
    );
    expect(api.requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
  });
});

test('removeNamespacesOf deletes the namespaces of runs that are over, and no others', async () => {
  const made = (run: string): object => ({ metadata: { name: `kata-cc-${run}`, labels: { [RUN_LABEL]: run } } });
  await using api = await startExampleApi({
    lists: [[]],
    other: () => ({ status: 200, body: { kind: 'NamespaceList', items: [made('over'), made('goes-on')] } }),
  });
  const cluster = await connectCluster(api.kubeconfig);
  const removed = await removeNamespacesOf(cluster, async (run) => run === 'over', { timeoutMs: WAIT_MS });
  expect(removed).toEqual(['kata-cc-over']);
  expect(api.requests[0]).toContain(`labelSelector=${encodeURIComponent(RUN_LABEL)}`);
  expect(api.requests.filter((request) => request.startsWith('DELETE'))).toEqual([
    'DELETE /api/v1/namespaces/kata-cc-over',
  ]);
});

describe('errors of a cluster', () => {
  test('connectCluster rejects a missing kubeconfig and names it', async () => {
    await expect(connectCluster('/nowhere/config')).rejects.toMatchObject({
      code: 'config',
      message: 'kubeconfig /nowhere/config does not exist; kubeadm writes /etc/kubernetes/admin.conf',
    });
  });

  test('connectCluster rejects an invalid kubeconfig', async () => {
    await using api = await startExampleApi({});
    await writeFile(api.kubeconfig, '{ "clusters": 3 }');
    await expect(connectCluster(api.kubeconfig)).rejects.toMatchObject({ code: 'config' });
  });

  test('the error of a refused connection begins with the request that failed', async () => {
    const api = await startExampleApi({});
    const cluster = await connectCluster(api.kubeconfig);
    await api[Symbol.asyncDispose]();
    const asked = podOf(cluster, 'n', 'a', WAIT_MS).look();
    await expect(asked).rejects.toThrow(/^pod n\/a: .*ECONNREFUSED/);
  });

  test('a request to an API server that does not respond fails after its timeout', async () => {
    await using silent = await startExampleApi({});
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await writeFile(silent.kubeconfig, kubeconfigFor(`http://127.0.0.1:${port}`));
    const cluster = await connectCluster(silent.kubeconfig, { timeoutMs: 200 });
    await expect(podOf(cluster, 'n', 'a', WAIT_MS).look()).rejects.toMatchObject({
      code: 'kubernetes',
      status: undefined,
    });
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });

  test('isNotFound recognises the error of a pod that does not exist', async () => {
    await using api = await startExampleApi({ other: () => ({ status: 404, body: { reason: 'NotFound' } }) });
    const error = await (await podBehind(api)).look().catch((problem: unknown) => problem);
    expect(isNotFound(error)).toBe(true);
  });
});

describe('exitCodeOf', () => {
  test('exitCodeOf returns 0 for Success, and the code of a NonZeroExitCode status', () => {
    expect(exitCodeOf({ status: 'Success' }, 'it')).toBe(0);
    const causes = [{ reason: 'ExitCode', message: '3' }];
    expect(exitCodeOf({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes } }, 'it')).toBe(3);
  });

  test('exitCodeOf throws for a command that could not be started', () => {
    const status = { status: 'Failure', reason: 'InternalError', code: 500, message: 'no such file or directory' };
    expect(() => exitCodeOf(status, 'nosuch in n/a')).toThrow(
      'nosuch in n/a: [500 InternalError] no such file or directory',
    );
  });
});

describe('readPodManifest', () => {
  test.for([
    ['kind: Pod', 'apiVersion is undefined; expected "v1"'],
    ['apiVersion: v1\nkind: Service', 'kind is "Service"; expected "Pod"'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {}', 'metadata.name is missing'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}', 'spec.containers is empty'],
    ['{', 'end of the stream'],
    ['', 'the file is empty'],
  ] as const)('readPodManifest rejects an invalid pod manifest and names the field: %j', async ([text, problem]) => {
    await using api = await startExampleApi({});
    await writeFile(api.kubeconfig, text);
    await expect(readPodManifest(api.kubeconfig)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(new RegExp(`^${api.kubeconfig}: [^]*${problem}`)),
    });
  });

  test('readPodManifest puts a pod without metadata.namespace into the namespace default', async () => {
    await using api = await startExampleApi({});
    await writeFile(
      api.kubeconfig,
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c}]}',
    );
    expect((await readPodManifest(api.kubeconfig)).metadata).toEqual({ name: 'a', namespace: 'default' });
  });
});
