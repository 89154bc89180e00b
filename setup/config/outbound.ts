import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../helpers/process/exec.ts';
import { credentialsIn } from '../../helpers/text/secrets.ts';

/**
 * Variables of the user's environment for programs that use the network or compile. Each part is passed only to the
 * programs that need it, and to no other child process.
 */
export interface Outbound {
  /** Variables for apt, git, curl, kubeadm and upstream's scripts: proxies and certificates. */
  readonly network: Environment;
  /** Variables for cargo and rustup: proxies, certificates, and their own. */
  readonly cargo: Environment;
  /** Variables for go: proxies, certificates, and its own. */
  readonly go: Environment;
  /** Variables for Docker's clients: address and protocol settings of the engine. */
  readonly docker: Environment;
  /** Directories of the user's PATH, which are searched for cargo and go. */
  readonly path: readonly string[];
}

/** Variables of the user that are passed on, and the programs that get them; docs/settings.md lists them. */
export const PASSED_ON: readonly { readonly names: readonly string[]; readonly to: string }[] = [
  {
    names: ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
    to: "apt, mmdebstrap, git, curl, cargo, go, kubeadm and upstream's scripts; in upper case too",
  },
  {
    names: [
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
      'CURL_CA_BUNDLE',
      'GIT_SSL_CAINFO',
      'GIT_SSL_CAPATH',
      'REQUESTS_CA_BUNDLE',
    ],
    to: 'the same programs, to trust the certificates of a proxy',
  },
  {
    names: [
      ...['CARGO_HOME', 'RUSTUP_HOME', 'RUSTUP_TOOLCHAIN', 'RUSTUP_DIST_SERVER', 'RUSTUP_UPDATE_ROOT'],
      ...['CARGO_HTTP_*', 'CARGO_NET_*', 'CARGO_REGISTRY_*', 'CARGO_REGISTRIES_*'],
    ],
    to: 'cargo and rustup',
  },
  {
    names: [
      ...['GOPROXY', 'GONOPROXY', 'GOPRIVATE', 'GOSUMDB', 'GONOSUMDB', 'GOINSECURE', 'GOVCS', 'GOAUTH', 'NETRC'],
      ...['GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOENV', 'GOFLAGS'],
    ],
    to: 'go',
  },
  { names: ['DOCKER_*', 'TESTCONTAINERS_*', 'RYUK_*'], to: 'testcontainers, which has Docker run the registries' },
  { names: ['PATH'], to: 'searched first for cargo and go' },
];

const [PROXIES, CERTIFICATES, CARGO, GO, DOCKER] = PASSED_ON.map(({ names }) => names);

type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Selects from an environment the variables that are passed on to programs. */
export function outboundOf(environment: EnvironmentVariables): Outbound {
  const network = { ...proxiesOf(environment), ...named(CERTIFICATES, environment) };
  return {
    network,
    cargo: { ...network, ...homesOf(environment), ...named(CARGO, environment) },
    go: { ...network, ...named(GO, environment) },
    docker: named(DOCKER, environment),
    // Only absolute directories: a relative one would be a different directory for each child process.
    path: (environment['PATH'] ?? '').split(':').filter((directory) => directory.startsWith('/')),
  };
}

/** Credentials in the variables that are passed on: proxy and registry passwords. */
export function credentialsOf(environment: EnvironmentVariables): string[] {
  const known = named(
    PASSED_ON.flatMap(({ names }) => names),
    environment,
  );
  const values = [...Object.values(known), ...Object.values(proxiesOf(environment))];
  return [...new Set(values.flatMap(credentialsIn))];
}

/** Hosts that are never reached through a proxy: its loopback is not this machine's. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'] as const;

/**
 * Proxy variables in the forms that all programs read: curl and apt only read lower case, Go does not read all_proxy.
 * If both cases are set, lower case takes precedence, as in curl.
 */
function proxiesOf(environment: EnvironmentVariables): Environment {
  const [http, https, all, no] = (PROXIES ?? []).map(
    (name) => environment[name] || environment[name.toUpperCase()] || undefined,
  );
  const proxies = { http_proxy: http ?? all, https_proxy: https ?? all, all_proxy: all };
  if (Object.values(proxies).every((proxy) => proxy === undefined)) return {};
  return bothCases(defined({ ...proxies, no_proxy: withHosts(no, LOOPBACK) }));
}

/** The network variables, with `hosts` excluded from the proxies. */
export function withoutProxyFor(hosts: readonly string[], network: Environment): Environment {
  const { no_proxy: no } = network;
  return no === undefined ? network : { ...network, ...bothCases({ no_proxy: withHosts(no, hosts) }) };
}

/** Adds hosts to a `no_proxy` list; `*`, which matches all hosts, must be the only entry. */
function withHosts(list: string | undefined, hosts: readonly string[]): string {
  const given = (list ?? '').split(',').map((host) => host.trim());
  return given.includes('*') ? '*' : [...new Set([...given.filter(Boolean), ...hosts])].join(',');
}

/**
 * Toolchain directories below the user's HOME, which `sudo -E` keeps; they are passed on explicitly, because child
 * processes get root's HOME.
 */
function homesOf(environment: EnvironmentVariables): Environment {
  const home = environment['HOME'] || homedir();
  const there = Object.entries({ CARGO_HOME: '.cargo', RUSTUP_HOME: '.rustup' }).map(
    ([name, directory]) => [name, join(home, directory)] as const,
  );
  return Object.fromEntries(there.filter(([, directory]) => existsSync(directory)));
}

/** The variables in an environment that match these names; a `*` at the end of a name matches any suffix. */
function named(names: readonly string[] = [], environment: EnvironmentVariables): Environment {
  const matches = (name: string): boolean =>
    names.some((wanted) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted));
  return defined(Object.fromEntries(Object.entries(environment).filter(([name, value]) => matches(name) && value)));
}

function bothCases(variables: Environment): Environment {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => [
      [name, value],
      [name.toUpperCase(), value],
    ]),
  );
}

function defined(variables: EnvironmentVariables): Environment {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
