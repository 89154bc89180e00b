/**
 * The commit of Kata that is built unless another is named: "agent: Add PoC container signature validation" of the branch
 * CCv0, the first whose agent honours `agent.container_policy_file`. The branch itself has moved on since: its tip pulls
 * images in another way, and the signature scenarios of the seed cannot be had there.
 */
export const SEED_COMMIT = 'd17aaba475451846888a3ca336fe1a8cacd5b5c2';

/** Programs the target `local` runs, and the Debian and Ubuntu package each comes in. */
export const TOOLS = {
  skopeo: 'skopeo',
  umoci: 'umoci',
  runc: 'runc',
  containerd: 'containerd',
  ctr: 'containerd',
  'docker-registry': 'docker-registry',
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  htpasswd: 'apache2-utils',
  socat: 'socat',
  busybox: 'busybox-static',
  git: 'git',
  ip: 'iproute2',
  ps: 'procps',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
} as const satisfies Readonly<Record<string, string>>;

export type Tool = keyof typeof TOOLS;

/** The least a machine must have. */
export const REQUIREMENTS = {
  node: '20.19.0',
  memoryMib: 1_024,
  /** Images and the registry's copy of them take 250 MiB; guests write to memory. */
  cacheFreeMib: 1_024,
} as const;
