import { resetNode } from './reset.ts';

/**
 * A command that runs when an installation is undone: it resets the Kubernetes node with the kubeadm named as argument.
 */
const [kubeadm = ''] = process.argv.slice(2);
await resetNode(kubeadm);
