import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchGuest } from '../../../fixtures/guest/guest.ts';
import { pullImage, referenceOf } from '../../../fixtures/pull/by-skopeo.ts';
import { AS_ROOT, describeWhere } from '../../../helpers/contract/run-where.ts';
import { run } from '../../../helpers/process/exec.ts';
import { hostProcesses } from '../../../helpers/process/process.ts';
import { loadConfig } from '../../config/config.ts';
import { PRIVILEGES } from '../../host/privileges.ts';
import { openSession } from '../../session/open-session.ts';
import { Run, VITEST } from '../child-run.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-privileges-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const LOCAL = { changes: { agent: 'stand-in', target: 'local' }, signal: new AbortController().signal } as const;

describeWhere(AS_ROOT)('privileges and credentials of the suites', () => {
  test('the suites pass with only the privileges that the doctor lists', async () => {
    const wanted = Object.keys(PRIVILEGES).map((name) => `+${name.slice('CAP_'.length).toLowerCase()}`);
    const only = ['setpriv', '--bounding-set', ['-all', ...wanted].join(','), '--'];
    const suites = new Run([...only, ...VITEST, 'suites/agent', 'suites/image/signatures.spec.ts'], {
      KATA_AGENT: 'stand-in',
      KATA_CACHE_DIR: loadConfig().cacheDir,
      KATA_REPORTS_DIR: directory,
      KATA_HISTORY_DIR: directory,
    });
    expect(await suites.ended).toEqual({ code: 0, signal: null });
  });

  test('other users of the machine cannot read the registry password and private keys of a run', async () => {
    await using session = await openSession(LOCAL);
    const { passwordRegistry, runDir } = session.target;
    const password = (await readFile(passwordRegistry.credentialsFile, 'utf8')).split(':')[1] ?? '';
    expect(password).not.toBe('');
    const places = [runDir, loadConfig().cacheDir, ...(await temporary())];
    const search = (as: readonly string[]): Promise<{ stdout: string }> =>
      // grep reads the patterns from standard input, since arguments are readable by all users.
      run([...as, 'grep', '-rlsF', '-f', '-', ...places], {
        input: `${password}\n-----BEGIN PGP PRIVATE KEY BLOCK-----\n(private-key\n`,
        okCodes: [0, 1, 2],
      });
    const otherUser = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    expect((await search([])).stdout).toContain(passwordRegistry.credentialsFile);
    expect((await search(otherUser)).stdout).toBe('');
  });

  test('no process has a registry password in its arguments during PullImage', async () => {
    await using session = await openSession(LOCAL);
    const { target } = session;
    const sourceCreds = await readFile(target.passwordRegistry.credentialsFile, 'utf8');
    const password = sourceCreds.split(':')[1] ?? '';
    await using guest = await launchGuest(target, { sandboxId: 'secretive' });
    const image = referenceOf('private', target);
    let pulled = false;
    const pulling = pullImage(guest, { image, containerId: 'secret', sourceCreds }).finally(() => {
      pulled = true;
    });
    const seen: string[] = [];
    let [looks, skopeos] = [0, 0];
    while (!pulled) {
      seen.push(...(await hostProcesses(password)));
      skopeos += (await hostProcesses('skopeo copy')).length;
      looks += 1;
    }
    expect(await pulling).toMatchObject({ status: 'ok' });
    expect(looks).toBeGreaterThan(1);
    // Control: the credential search looked at the list of processes while skopeo ran.
    expect(skopeos).toBeGreaterThan(0);
    expect(seen).toEqual([]);
  });
});

async function temporary(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('kata-cc-')).map((name) => join(tmpdir(), name));
}
