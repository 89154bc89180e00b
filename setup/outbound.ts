import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../helpers/exec.ts';
import { credentialsIn } from '../helpers/secrets.ts';

/**
 * What the user's environment says to programs that reach the network or compile. Each part goes to the programs it is
 * meant for, and to no other child.
 */
export interface Outbound {
  /** For apt, git, curl, kubeadm and upstream's scripts: proxies and certificates. */
  readonly network: Environment;
  /** For cargo and rustup: the same, and what is cargo's and rustup's own. */
  readonly cargo: Environment;
  /** For go: the same, and what is Go's own. */
  readonly go: Environment;
  /** For Docker's clients: where the engine is, and how it is spoken to. */
  readonly docker: Environment;
  /** Directories of the user's PATH, in which cargo and go are looked for. */
  readonly path: readonly string[];
}

/** Variables that are passed on, and to which programs: the README's second table of settings. */
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
    to: 'the same programs, which trust what a proxy signs',
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
  { names: ['PATH'], to: 'where cargo and go are looked for first' },
];

const [PROXIES, CERTIFICATES, CARGO, GO, DOCKER] = PASSED_ON.map(({ names }) => names);

type Given = Readonly<Record<string, string | undefined>>;

/** Takes what is passed on out of an environment. */
export function outboundOf(environment: Given): Outbound {
  const network = { ...proxiesOf(environment), ...named(CERTIFICATES, environment) };
  return {
    network,
    cargo: { ...network, ...homesOf(environment), ...named(CARGO, environment) },
    go: { ...network, ...named(GO, environment) },
    docker: named(DOCKER, environment),
    // A relative one would mean another directory for each child.
    path: (environment['PATH'] ?? '').split(':').filter((directory) => directory.startsWith('/')),
  };
}

/** Credentials in the variables that are passed on: of a proxy, of a registry. */
export function credentialsOf(environment: Given): string[] {
  const known = named(
    PASSED_ON.flatMap(({ names }) => names),
    environment,
  );
  const values = [...Object.values(known), ...Object.values(proxiesOf(environment))];
  return [...new Set(values.flatMap(credentialsIn))];
}

/** What no proxy is asked for: a proxy's loopback is not ours. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'] as const;

/**
 * Proxies as every program finds them: curl and apt read lower case only, Go knows no all_proxy. Lower case counts where
 * both are set, as for curl.
 */
function proxiesOf(environment: Given): Environment {
  const [http, https, all, no] = (PROXIES ?? []).map(
    (name) => environment[name] || environment[name.toUpperCase()] || undefined,
  );
  const proxies = { http_proxy: http ?? all, https_proxy: https ?? all, all_proxy: all };
  if (Object.values(proxies).every((proxy) => proxy === undefined)) return {};
  return bothCases(defined({ ...proxies, no_proxy: withHosts(no, LOOPBACK) }));
}

/** The same network, where `hosts` are reached without a proxy. */
export function withoutProxyFor(hosts: readonly string[], network: Environment): Environment {
  const { no_proxy: no } = network;
  return no === undefined ? network : { ...network, ...bothCases({ no_proxy: withHosts(no, hosts) }) };
}

/** A list of hosts with more of them; `*`, which stands for all, has to stand alone. */
function withHosts(list: string | undefined, hosts: readonly string[]): string {
  const given = (list ?? '').split(',').map((host) => host.trim());
  return given.includes('*') ? '*' : [...new Set([...given.filter(Boolean), ...hosts])].join(',');
}

/** Homes of a user whose environment says HOME, as with `sudo -E`: children have root's. */
function homesOf(environment: Given): Environment {
  const home = environment['HOME'] || homedir();
  const there = Object.entries({ CARGO_HOME: '.cargo', RUSTUP_HOME: '.rustup' }).map(
    ([name, directory]) => [name, join(home, directory)] as const,
  );
  return Object.fromEntries(there.filter(([, directory]) => existsSync(directory)));
}

/** Variables with these names, of which a `*` at the end stands for any, as far as they are set. */
function named(names: readonly string[] = [], environment: Given): Environment {
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

function defined(variables: Given): Environment {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
