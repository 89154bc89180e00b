import type { Cri } from '../rpc/cri.ts';

/**
 * A CRI client for a unix socket, with this project's protos. gRPC is loaded with the first client: commands that only
 * read the plan of set-up need none.
 */
export async function openCri(socket: string, options: { readonly timeoutMs: number }): Promise<Cri> {
  const [{ connectCri }, { loadCriProtos }] = await Promise.all([
    import('../rpc/cri.ts'),
    import('../../protos/load.ts'),
  ]);
  return connectCri(socket, { ...options, protos: loadCriProtos() });
}
