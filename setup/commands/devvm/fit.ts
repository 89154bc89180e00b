import { atLeast } from '../../../helpers/text/version.ts';
import { SEED_COMMIT } from '../../config/pins.ts';
import type { Config } from '../../config/validated.ts';
import { whyNotContainerd } from '../../host/containerd-version.ts';
import type { KataBundle } from '../../steps/kata/kata-bundle.ts';
import { DEBIAN, type DebianVersion, debianOf } from './debian.ts';

/** First Kata whose runtime gives virtiofsd options that the one of QEMU 7.2, in C, does not know. Seen with Debian 12's. */
const VIRTIOFSD_IN_RUST = '3.2.0';

/** What a dev VM has to suit in a bundle of Kata. */
interface Bundled {
  readonly agent: Pick<KataBundle['agent'], 'generation' | 'version'>;
  readonly cdh?: true;
  readonly containerd?: KataBundle['containerd'];
}

/** Why a bundle of Kata cannot run in a dev VM of a Debian; `undefined` if it can. */
export function whyNotOn(
  debian: DebianVersion,
  { agent, cdh, containerd }: Bundled,
  { pull }: Pick<Config, 'pull'>,
): string | undefined {
  if (agent.generation === 'skopeo') return whyNotSkopeo(debian);
  // With a CDH, the host shares no file system with guests.
  if (debian === '12' && cdh !== true && atLeast(agent.version, VIRTIOFSD_IN_RUST)) {
    return `the dev VM is Debian 12, whose virtiofsd does not know the options that Kata ${agent.version} gives it, so that no guest starts; set KATA_DEVVM_DEBIAN=13, or KATA_CDH`;
  }
  return containerd === undefined ? whyNotContainerdOf(debian, pull) : undefined;
}

/** Why Kata of generation skopeo cannot run in a dev VM of a Debian; `undefined` if it can. */
function whyNotSkopeo(debian: DebianVersion): string | undefined {
  return DEBIAN[debian].cgroup === 1
    ? undefined
    : `the dev VM is Debian ${debian}: Kata of generation skopeo needs cgroup v1 on its host; set KATA_DEVVM_DEBIAN=12`;
}

/** Why the containerd of a dev VM's Debian cannot run what is set; `undefined` if it can. */
function whyNotContainerdOf(debian: DebianVersion, pull: Config['pull']): string | undefined {
  const { containerd } = DEBIAN[debian];
  const name = `containerd ${containerd} of the dev VM's Debian ${debian}`;
  const remedy = 'set KATA_DEVVM_DEBIAN=13 or KATA_CONTAINERD=source';
  return whyNotContainerd({ target: 'kata', pull }, containerd, { name, remedy });
}

type Settings = Pick<Config, 'bundle' | 'cdh' | 'containerd' | 'devvmDebian' | 'kataBranch' | 'pull'>;

/**
 * Why the Kata of the settings cannot run in a dev VM of a Debian, by default of that of the settings, as far as that is known before it is
 * built: what another revision than the default one needs is not, and neither are the parts of the user's own bundle.
 */
export function whyNotBuild(config: Settings, debian = debianOf(config)): string | undefined {
  const { bundle, cdh, kataBranch, pull } = config;
  if (bundle !== undefined) return undefined;
  if (kataBranch === SEED_COMMIT) {
    // That guests of the default revision have no CDH is found when the revision is resolved.
    return cdh === undefined ? whyNotSkopeo(debian) : undefined;
  }
  return config.containerd === 'distro' ? whyNotContainerdOf(debian, pull) : undefined;
}

/** Why the settings do not go with the user's own bundle in a dev VM; `undefined` if they do. */
export function whyNotBundle({ bundle, containerd }: Pick<Config, 'bundle' | 'containerd'>): string | undefined {
  return bundle === undefined || ['distro', 'source'].includes(containerd)
    ? undefined
    : `KATA_CONTAINERD=${containerd}: KATA_BUNDLE is tested with its own containerd, else with that of the dev VM; unset one of the two`;
}
