/** Directory of kubeadm's patches, beside its configuration. */
export const KUBEADM_PATCHES = '/etc/kata-cc/kubeadm-patches';

const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

/**
 * Patches of the control plane's pods, by file name, for a machine that may be slow. Without probes, the kubelet restarts a component only
 * if it ends, and opens no TLS connection to it each second. Without requests, a component has as much weight as the VM of a pod that has
 * none; with kubeadm's, the control plane has 26 times as much. Source: "Customizing the control plane with patches" in kubeadm's
 * documentation; a strategic merge removes a field that is null.
 */
export function controlPlanePatches(): readonly { readonly name: string; readonly patch: string }[] {
  return COMPONENTS.map((name) => {
    const container = { name, livenessProbe: null, readinessProbe: null, startupProbe: null, resources: null };
    return {
      name: `${name}+strategic.json`,
      patch: `${JSON.stringify({ spec: { containers: [container] } }, null, 2)}\n`,
    };
  });
}
