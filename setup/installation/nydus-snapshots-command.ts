import { removeSnapshots } from '../../helpers/containerd/snapshots.ts';
import { NYDUS_SNAPSHOTTER } from '../../helpers/nydus/snapshotter.ts';
import { CONTAINERD } from './containerd-endpoint.ts';

/** A command that runs when an installation is undone: it removes the snapshots that containerd has in nydus-snapshotter. */
await removeSnapshots(CONTAINERD, NYDUS_SNAPSHOTTER);
