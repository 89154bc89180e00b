import { run } from '../../helpers/process/exec.ts';

/** Prefix of every chain of the kubelet and of kube-proxy. Source: pkg/kubelet/util and pkg/proxy/iptables of Kubernetes. */
const OF_KUBERNETES = /\bKUBE-/;
const BUILT_IN = /^:\S+ ACCEPT /;

/**
 * Removes the rules of the kubelet and of kube-proxy for IPv4 and IPv6, which `kubeadm reset` leaves to its caller. Other
 * rules are kept. `within` is the command that runs another one where the rules are; by default they are this machine's.
 */
export async function removeRules(within: readonly string[] = []): Promise<void> {
  for (const family of ['iptables', 'ip6tables']) {
    const { stdout } = await run([...within, `${family}-save`]);
    const input = withoutKubernetes(stdout);
    if (input !== '') await run([...within, `${family}-restore`], { input });
  }
}

/**
 * Input of iptables-restore that removes Kubernetes' chains, and the rules that name them, from the tables that
 * iptables-save has printed: those tables alone, without those lines. A table with nothing else is restored without its
 * built-in chains, so that iptables on nf_tables removes it.
 */
export function withoutKubernetes(saved: string): string {
  const tables = [...saved.matchAll(/^\*.*\n(?:[^*].*\n)*?COMMIT\n/gm)].map(([table]) => table.trimEnd().split('\n'));
  return tables
    .filter((lines) => lines.some((line) => OF_KUBERNETES.test(line)))
    .map(([name = '', ...lines]) => {
      const others = lines.filter((line) => !OF_KUBERNETES.test(line) && line !== 'COMMIT');
      const kept = others.every((line) => BUILT_IN.test(line)) ? [] : others;
      return `${[name, ...kept, 'COMMIT'].join('\n')}\n`;
    })
    .join('');
}
