import type { CoreV1Api, Exec, KubeConfig, NodeV1Api, RequestContext, Watch } from '@kubernetes/client-node';
import { ConfigError, messageOf } from '../errors.ts';
import { fileExists } from '../files.ts';
import { kubernetesError } from './error.ts';

/** Where kubeadm leaves the kubeconfig of somebody who may do anything. */
export const ADMIN_KUBECONFIG = '/etc/kubernetes/admin.conf';

/** How the API server is asked. */
export interface ClusterOptions {
  /** How long one answer may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A cluster by its API server. Nothing is held open between requests: there is nothing to dispose of. */
export interface Cluster {
  readonly core: CoreV1Api;
  readonly node: NodeV1Api;
  readonly watch: Watch;
  readonly exec: Exec;
  /** Names of its API server and user, for messages. */
  readonly name: string;
  /** Makes a request. Rejects with {@link KubernetesError}, which leads with `what`. */
  ask<T>(what: string, request: () => Promise<T>): Promise<T>;
}

const TIMEOUT_MS = 30_000;

/**
 * Reads a kubeconfig. The client is loaded here and nowhere else: its generated API takes half a second to import, which
 * whoever has no cluster must not pay. Throws {@link ConfigError} that names the file.
 */
export async function connectCluster(kubeconfig: string, options: ClusterOptions = {}): Promise<Cluster> {
  const { timeoutMs = TIMEOUT_MS } = options;
  if (!(await fileExists(kubeconfig))) {
    throw new ConfigError(`kubeconfig ${kubeconfig}: no such file; kubeadm writes ${ADMIN_KUBECONFIG}`);
  }
  const client = await import('@kubernetes/client-node');
  const config = load(new client.KubeConfig(), kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new ConfigError(`kubeconfig ${kubeconfig}: its current context "${config.currentContext}" names no cluster`);
  }
  const middleware = {
    pre: (request: RequestContext) => {
      request.setSignal(AbortSignal.timeout(timeoutMs));
      return Promise.resolve(request);
    },
    post: <T>(response: T) => Promise.resolve(response),
  };
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration(cluster.server, {}),
    authMethods: { default: config },
    promiseMiddleware: [middleware],
  });
  return {
    core: new client.CoreV1Api(configuration),
    node: new client.NodeV1Api(configuration),
    watch: new client.Watch(config),
    exec: new client.Exec(config),
    name: `${config.currentContext} (${cluster.server})`,
    async ask(what, request) {
      try {
        return await request();
      } catch (error) {
        throw kubernetesError(what, error);
      }
    },
  };
}

function load(config: KubeConfig, file: string): KubeConfig {
  try {
    config.loadFromFile(file);
    return config;
  } catch (cause) {
    throw new ConfigError(`kubeconfig ${file}: ${messageOf(cause)}`, { cause });
  }
}
