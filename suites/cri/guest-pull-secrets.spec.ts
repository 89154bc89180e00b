import { describe, expect, NOT_SEALED, test, UNSEALABLE } from '../../fixtures/test.ts';

// Some claims of suites/guest/sealed-secrets, made there for CreateContainer requests of our client to the agent, here for containers of
// a pod, as in upstream's k8s-sealed-secret.bats: Kata's shim copies the files of a secret to the guest.
const tags = ['kata-shim', 'cri', 'guest-pull-storage', 'init-data', 'guest-console'] as const;

/** Prints a variable between brackets. */
const PRINT = 'echo "[$SECRET]"';

/** The agent's warning about a value that its CDH rejects. Source: cdh_handler_sealed_secrets() of src/agent/src/rpc.rs. */
const NOT_UNSEALED = /Failed to unseal secret: .*\[CDH\] \[ERROR\]: Unseal Secret failed/;

describe('sealed environment variables of a pod', { tags: [...tags] }, () => {
  test('a container of a pod gets the secret of a sealed environment variable, and its other variables as they are; the guest’s console shows no secret', async ({
    podWithSecrets,
    runPodScript,
    sealer,
  }) => {
    const env = { SECRET: sealer.seal(), OTHER: 'a=b' };
    const { console: said, output } = await runPodScript(podWithSecrets, `${PRINT}; echo "$OTHER"`, { env });
    expect(output).toBe(`[${sealer.secret}]\na=b\n`);
    expect(said).toContain('unseal secret called');
    expect(said).not.toContain(sealer.secret);
  });

  test.for(UNSEALABLE.filter(([, { inPods }]) => inPods))(
    'a sealed environment variable of a pod %s stays sealed',
    async ([, { cause, value }], { podWithSecrets, runPodScript, sealer }) => {
      const sealed = value(sealer);
      const env = { SECRET: sealed, VALID: sealer.seal() };
      const { console: said, output } = await runPodScript(podWithSecrets, `${PRINT}; echo "$VALID"`, { env });
      expect(output).toBe(`[${sealed}]\n${sealer.secret}\n`);
      expect(said).toMatch(new RegExp(`UnsealSecret :\\s+Unseal Secret failed[^]*${cause.source}`));
      expect(said).toMatch(NOT_UNSEALED);
    },
  );

  test.for(NOT_SEALED.slice(0, 1))(
    'an environment variable of a pod %s stays as it is, and the CDH is not asked',
    async ([, value], { podWithSecrets, runPodScript, sealer }) => {
      const text = value(sealer);
      const { console: said, output } = await runPodScript(podWithSecrets, PRINT, { env: { SECRET: text } });
      expect(output).toBe(`[${text}]\n`);
      expect(said).not.toContain('unseal secret called');
    },
  );

  test('a pod whose guest’s CDH has no resources leaves a sealed environment variable sealed', async ({
    launchPodWith,
    runPodScript,
    sealer,
  }) => {
    const sealed = sealer.seal();
    const guest = await launchPodWith({});
    const { console: said, output } = await runPodScript(guest, PRINT, { env: { SECRET: sealed } });
    expect(output).toBe(`[${sealed}]\n`);
    expect(said).toMatch(/Failed to get key from KMS: .*resource not found default\/sealed-secret\/signing-key/);
  });
});

describe('sealed files of a pod', { tags: [...tags] }, () => {
  test('a container of a pod gets the secret of a sealed file in a volume of a Kubernetes secret, and other files as they are', async ({
    podWithSecrets,
    runPodScript,
    sealer,
  }) => {
    const secret = { sealed: sealer.seal(), other: 'text', short: 'seal' };
    const script = 'cd /volume; for file in sealed other short; do cat $file; echo; done';
    const { output } = await runPodScript(podWithSecrets, script, { secret });
    expect(output).toBe(`${sealer.secret}\ntext\nseal\n`);
  });

  test('a sealed file of a pod that is signed with another key stays sealed', async ({
    podWithSecrets,
    runPodScript,
    sealer,
  }) => {
    const sealed = sealer.seal({ signedWith: 'other' });
    const script = 'cat /volume/file; echo';
    const { console: said, output } = await runPodScript(podWithSecrets, script, { secret: { file: sealed } });
    expect(output).toBe(`${sealed}\n`);
    expect(said).toMatch(/Failed to unseal file: .*\[CDH\] \[ERROR\]: Unseal Secret failed/);
  });
});
