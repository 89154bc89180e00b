import { stringify } from '@decimalturn/toml-patch';
import type { NydusPlaces, NydusPrograms } from './snapshotter.ts';

/**
 * Configuration of a nydus-snapshotter in proxy mode: containerd does not unpack the layers of an image, and the mount of a container has a
 * KataVirtualVolume of type image_guest_pull, by which Kata's shim leaves the pull to the guest. Source: misc/snapshotter/config-proxy.toml
 * of nydus-snapshotter.
 */
export function nydusConfig({ root, socket }: NydusPlaces, { overlayfs }: Pick<NydusPrograms, 'overlayfs'>): string {
  return stringify({
    version: 1,
    root,
    address: socket,
    daemon_mode: 'none',
    // The controller of nydusd daemons has a socket of its own, and proxy mode has no daemons.
    system: { enable: false },
    log: { log_to_stdout: true },
    daemon: { fs_driver: 'proxy' },
    snapshot: { enable_kata_volume: true, nydus_overlayfs_path: overlayfs },
  });
}
