/**
 * Guest directory that Kata shares with its host: in it are the root file systems of containers, the files that CopyFile writes, and
 * mounts of virtio-fs. Source: kataGuestSharedDir() of the runtime.
 */
export const SHARED_DIRECTORY = '/run/kata-containers/shared/containers';
