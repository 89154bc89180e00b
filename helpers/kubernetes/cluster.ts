import type {
  Attach,
  BatchV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  NodeV1Api,
  PortForward,
  RequestContext,
  Watch,
} from '@kubernetes/client-node';
import { ConfigError, messageOf } from '../errors.ts';
import { fileExists } from '../files.ts';
import { kubernetesError } from './error.ts';

/** Path of the cluster administrator's kubeconfig that kubeadm writes. */
export const ADMIN_KUBECONFIG = '/etc/kubernetes/admin.conf';

/** Options of requests to the Kubernetes API server. */
export interface ClusterOptions {
  /** Timeout of one request to the API server, in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * A client of a Kubernetes cluster's API server. It holds no connection open between requests, so there is nothing to
 * dispose.
 */
export interface Cluster {
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly node: NodeV1Api;
  /** Requests for objects of every kind, by their manifests. */
  readonly objects: KubernetesObjectApi;
  readonly watch: Watch;
  readonly exec: Exec;
  readonly attach: Attach;
  readonly portForward: PortForward;
  /** Kubeconfig context and URL of the API server, for messages. */
  readonly name: string;
  /** Makes a request to the API server. Rejects with a {@link KubernetesError} that begins with `what`. */
  ask<T>(what: string, request: () => Promise<T>): Promise<T>;
}

const TIMEOUT_MS = 30_000;

/**
 * Creates a client of a Kubernetes cluster from a kubeconfig. The client library is imported dynamically: its generated
 * API takes half a second to load, which runs without a cluster must not pay. Throws a {@link ConfigError} that names
 * the file.
 */
export async function connectCluster(kubeconfig: string, options: ClusterOptions = {}): Promise<Cluster> {
  const { timeoutMs = TIMEOUT_MS } = options;
  if (!(await fileExists(kubeconfig))) {
    throw new ConfigError(`kubeconfig ${kubeconfig} does not exist; kubeadm writes ${ADMIN_KUBECONFIG}`);
  }
  const client = await import('@kubernetes/client-node');
  const config = load(new client.KubeConfig(), kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new ConfigError(`kubeconfig ${kubeconfig}: current-context "${config.currentContext}" has no cluster`);
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
    batch: new client.BatchV1Api(configuration),
    node: new client.NodeV1Api(configuration),
    objects: new client.KubernetesObjectApi(configuration),
    watch: new client.Watch(config),
    exec: new client.Exec(config),
    attach: new client.Attach(config),
    portForward: new client.PortForward(config),
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
