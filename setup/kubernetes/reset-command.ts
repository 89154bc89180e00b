import { resetNode } from './reset.ts';

/** Run when an installation is undone: takes the node apart with the kubeadm that is named. */
const [kubeadm = ''] = process.argv.slice(2);
await resetNode(kubeadm);
