import {
  describe,
  expect,
  NOT_SEALED,
  OFFLINE_FS_FILES,
  readAll,
  resourcesJson,
  secretUri,
  test,
  UNSEALABLE,
} from '../../fixtures/test.ts';

const tags = ['guest-pull-storage', 'main-rpc', 'guest-console', 'debug-console', 'virtual-machine'] as const;

/** Prints a variable between brackets. */
const PRINT = 'echo "[$SECRET]"';
const RESTART = { kernelParameters: ['kata_cc.restart'] };

/** The agent's warning about a value that its CDH rejects. Source: cdh_handler_sealed_secrets() of src/agent/src/rpc.rs. */
const NOT_UNSEALED = /Failed to unseal secret: .*\[CDH\] \[ERROR\]: Unseal Secret failed/;

describe('sealed environment variables', { tags: [...tags] }, () => {
  test('a container gets the secret of a sealed environment variable, and its other variables as they are; the guest’s console shows no secret', async ({
    guestWithSecrets: guest,
    runScript,
    sealer,
  }) => {
    const env = [`SECRET=${sealer.seal()}`, 'OTHER=a=b'];
    const { console: said, output } = await runScript(guest, `${PRINT}; echo "$OTHER"`, { env });
    expect(output).toBe(`[${sealer.secret}]\na=b\n`);
    expect(said).toContain('unseal secret called');
    expect(said).not.toContain(sealer.secret);
  });

  // The agent only warns: the container starts with the sealed value, and with the secrets that the CDH unsealed.
  test.for(UNSEALABLE)(
    'a sealed environment variable %s stays sealed',
    async ([, { cause, value }], { guestWithSecrets: guest, runScript, sealer, sealedValue }) => {
      const sealed = sealedValue(value);
      const env = [`SECRET=${sealed}`, `VALID=${sealer.seal()}`];
      const { console: said, output } = await runScript(guest, `${PRINT}; echo "$VALID"`, { env });
      expect(output).toBe(`[${sealed}]\n${sealer.secret}\n`);
      expect(said).toMatch(new RegExp(`UnsealSecret :\\s+Unseal Secret failed[^]*${cause.source}`));
      expect(said).toMatch(NOT_UNSEALED);
    },
  );

  test.for(NOT_SEALED)(
    'an environment variable %s stays as it is, and the CDH is not asked',
    async ([, value], { guestWithSecrets: guest, runScript, sealedValue }) => {
      const text = sealedValue(value);
      const { console: said, output } = await runScript(guest, PRINT, { env: [`SECRET=${text}`] });
      expect(output).toBe(`[${text}]\n`);
      expect(said).not.toContain('unseal secret called');
    },
  );

  test('a sealed environment variable whose secret is not UTF-8 stays sealed', async ({
    guestWithSecrets: guest,
    runScript,
    sealer,
  }) => {
    const sealed = sealer.seal({ payload: { name: secretUri('binary') } });
    const { console: said, output } = await runScript(guest, PRINT, { env: [`SECRET=${sealed}`] });
    expect(output).toBe(`[${sealed}]\n`);
    expect(said).toMatch(/Failed to unseal secret: invalid utf-8 sequence/);
  });

  test('ExecProcess passes a sealed environment variable on as it is', { tags: ['containers'] }, async ({
    guestWithSecrets: guest,
    sealer,
    startRunning,
  }) => {
    const { containerId, exec } = await startRunning(guest);
    const sealed = sealer.seal();
    const execId = await exec(['sh', '-c', PRINT], { process: { Env: [`SECRET=${sealed}`, 'PATH=/bin'] } });
    expect(await readAll(guest, 'stdout', containerId, execId)).toBe(`[${sealed}]\n`);
  });
});

describe('keys of sealed secrets', { tags: [...tags] }, () => {
  const local = (kid: string): string => `/run/confidential-containers/cdh/sealed-secret/${kid}`;

  test('a CDH verifies a sealed secret with a local credential, and rejects a path out of their directory', async ({
    launch,
    restartCdh,
    runScript,
    sealer,
  }) => {
    const guest = await launch(RESTART);
    await restartCdh(guest, {
      [OFFLINE_FS_FILES.resources]: resourcesJson(sealer.resources),
      [local('own')]: sealer.publicKey,
      [local('../own')]: sealer.publicKey,
    });
    const outside = await runScript(guest, PRINT, { env: [`SECRET=${sealer.seal({ kid: '../own' })}`] });
    expect(outside.console).toMatch(/parse SealedSecret failed: Invalid KID Key Path/);
    const inside = await runScript(guest, PRINT, { env: [`SECRET=${sealer.seal({ kid: 'own' })}`] });
    expect(inside.output).toBe(`[${sealer.secret}]\n`);
  });

  test('a guest whose CDH has no resources leaves a sealed environment variable sealed', async ({
    launch,
    runScript,
    sealer,
  }) => {
    const sealed = sealer.seal();
    const { console: said, output } = await runScript(await launch(), PRINT, { env: [`SECRET=${sealed}`] });
    expect(output).toBe(`[${sealed}]\n`);
    expect(said).toMatch(/Failed to get key from KMS: .*resource not found default\/sealed-secret\/signing-key/);
  });

  test('an agent without a CDH leaves a sealed environment variable sealed', async ({ launch, runScript, sealer }) => {
    const guest = await launch({ kernelParameters: ['kata_cc.agent_starts_cdh'] });
    const sealed = sealer.seal();
    const { console: said, output } = await runScript(guest, PRINT, { env: [`SECRET=${sealed}`] });
    expect(output).toBe(`[${sealed}]\n`);
    expect(said).not.toContain('Failed to unseal secret');
  });
});

describe('sealed files', { tags: [...tags] }, () => {
  test('a container gets the secret of a sealed file in a volume of Kubernetes, and other files as they are', async ({
    guestWithSecrets: guest,
    runScript,
    sealer,
  }) => {
    const files = { sealed: sealer.seal(), other: 'text', short: 'seal' };
    const script = 'cd /volume; for file in sealed other short; do cat $file; echo; done';
    const { output } = await runScript(guest, script, { volume: { files } });
    expect(output).toBe(`${sealer.secret}\ntext\nseal\n`);
  });

  test('a sealed file that is signed with another key stays sealed', async ({
    guestWithSecrets: guest,
    runScript,
    sealer,
  }) => {
    const sealed = sealer.seal({ signedWith: 'other' });
    const { console: said, output } = await runScript(guest, 'cat /volume/file', {
      volume: { files: { file: sealed } },
    });
    expect(output).toBe(sealed);
    expect(said).toMatch(/Failed to unseal file: .*\[CDH\] \[ERROR\]: Unseal Secret failed/);
    expect(said).toMatch(/Unseal Secret failed\s+Caused by: Signature Error: signature error/);
  });

  // editors and `kubectl create secret --from-file` of a text file end it with a line feed.
  test('a sealed file that ends with a line feed stays sealed', async ({
    guestWithSecrets: guest,
    runScript,
    sealer,
  }) => {
    const sealed = `${sealer.seal()}\n`;
    const { console: said, output } = await runScript(guest, 'cat /volume/file', {
      volume: { files: { file: sealed } },
    });
    expect(output).toBe(sealed);
    expect(said).toMatch(/Unseal Secret failed\s+Caused by: parse SealedSecret failed: Failed to parse JWS/);
  });

  test.for([
    ['outside the directory that Kata shares', { base: '/run/kata-cc-volumes' }],
    ['whose directory has the name of Kubernetes’ service accounts', { suffix: 'serviceaccount' }],
    ['whose directory has the name of /etc/hosts', { suffix: 'hosts' }],
  ] as const)(
    'a sealed file in a volume %s stays sealed, and the CDH is not asked',
    async ([, place], { guestWithSecrets: guest, runScript, sealer }) => {
      const sealed = sealer.seal();
      const volume = { ...place, files: { file: sealed } };
      const { console: said, output } = await runScript(guest, 'cat /volume/file', { volume });
      expect(output).toBe(sealed);
      expect(said).not.toContain('unseal secret called');
    },
  );

  // The agent unseals it, and then links to a path below a directory that only Kubernetes' volumes have.
  test('a sealed file in a volume without Kubernetes’ links becomes a link that leads nowhere', async ({
    guestWithSecrets: guest,
    runScript,
    sealer,
  }) => {
    const volume = { links: false, files: { file: sealer.seal() } } as const;
    const script = 'cat /volume/file 2>&1; cat /volume/file.unsealed';
    const { output } = await runScript(guest, script, { volume });
    expect(output).toBe(`cat: can't open '/volume/file': No such file or directory\n${sealer.secret}`);
  });
});
