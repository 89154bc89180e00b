import { resetNode } from './reset.ts';

/** Runs when an installation is undone: resets the node with the kubeadm named as argument. */
const [kubeadm = ''] = process.argv.slice(2);
await resetNode(kubeadm);
