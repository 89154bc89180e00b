import { run } from '../../helpers/process/exec.ts';

/**
 * Pauses this machine's kubelet until the result is disposed: within seconds, a kubelet stops all sandboxes of containerd but those of
 * its own pods. Source: HandlePodCleanups in pkg/kubelet/kubelet_pods.go. `name` is the name of the kubelet's program.
 */
export async function pauseKubelet(name = 'kubelet'): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => resumeKubelet(name));
  await signalAll(name, 'SIGSTOP');
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Resumes a kubelet that a killed run has left paused. */
export async function resumeKubelet(name = 'kubelet'): Promise<void> {
  await signalAll(name, 'SIGCONT');
}

/** A kubelet in a container, such as that of a kind cluster, has a PID namespace of its own, and gets no signal. */
async function signalAll(name: string, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const ofThisMachine = ['--ns', `${process.pid}`, '--nslist', 'pid'];
  await run(['pkill', `--signal=${signal}`, ...ofThisMachine, '--exact', name], { okCodes: [0, 1] });
}
