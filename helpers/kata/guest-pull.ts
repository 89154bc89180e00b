import { NYDUS_SNAPSHOTTER } from '../nydus/snapshotter.ts';

/** How Kata's shim learns that the guest pulls the image of a container (`KATA_PULL`). */
export const GUEST_PULLS = ['force', 'nydus'] as const;

export type GuestPull = (typeof GUEST_PULLS)[number];

/** What of a way of pulling is different on its host. */
interface PullOnHost {
  /** The way in words, for messages. */
  readonly name: string;
  /** containerd's snapshotter of containers whose guest pulls; `undefined` for containerd's default. */
  readonly snapshotter: string | undefined;
}

/**
 * The ways of pulling on their host. Sources: force_guest_pull of Kata's runtimes, and docs/how-to/how-to-pull-images-in-guest-with-kata.md
 * of Kata for nydus-snapshotter.
 */
export const PULL_ON_HOST: Readonly<Record<GuestPull, PullOnHost>> = {
  force: { name: 'force_guest_pull of the runtime', snapshotter: undefined },
  nydus: { name: 'nydus-snapshotter in proxy mode', snapshotter: NYDUS_SNAPSHOTTER },
};

/** Why KATA_PULL has no value `erofs`. Source: docs/how-to/how-to-use-erofs-snapshotter-with-kata.md of Kata. */
export const NO_EROFS =
  "the guest pulls nothing with containerd's erofs snapshotter: containerd unpacks each image on this machine, and the shim passes the layers to the guest as disks; expected force or nydus";
