import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { cgroupDriver, criReady } from '../../helpers/containerd/cri-runtime.ts';
import { parseContainerdVersion, programsIn } from '../../helpers/containerd/programs.ts';
import { firstExecutable } from '../../helpers/files.ts';
import { KATA_HANDLER } from '../../helpers/kata/names.ts';
import { launchNamespaced, type Namespaced } from '../../helpers/namespace/launch.ts';
import { logTail } from '../../helpers/process/daemon.ts';
import { run } from '../../helpers/process/exec.ts';
import { parseToml } from '../../helpers/text/toml-read.ts';
import { loadConfig } from '../config/config.ts';
import { applyContainerdConfig, type ContainerdOptions, type ContainerdService } from './containerd-service.ts';
import { CONTAINERD_CONFIGS } from './example-containerd-configs.ts';
import { Installation } from './installation.ts';

/** The containerd under test: that of KATA_CONTAINERD=/path, else the installed one. */
const GIVEN = loadConfig().containerd;
const CONTAINERD = await firstExecutable(
  GIVEN.startsWith('/') ? [programsIn(GIVEN).containerd] : ['/usr/local/bin/containerd', '/usr/bin/containerd'],
);
const VERSION =
  CONTAINERD === undefined ? '' : (parseContainerdVersion((await run([CONTAINERD, '--version'])).stdout) ?? '');
/** The newest version of a configuration that this containerd reads. */
const READS =
  CONTAINERD === undefined ? 0 : Number(parseToml((await run([CONTAINERD, 'config', 'default'])).stdout)['version']);

const SIGNAL = AbortSignal.timeout(600_000);
const ROOT = '/var/lib/kata-cc-containerd';
const STATE = '/run/kata-cc-containerd';
const UNDER_TEST = '/run/containerd-under-test';

let directory: string;
let etc: string;
let installation: Installation;
let running: Namespaced | undefined;
let starts: number;
let said: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-ctrd-'));
  etc = join(directory, 'etc');
  await mkdir(etc);
  installation = new Installation(join(directory, 'originals'));
  starts = 0;
  said = [];
});
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
  await rm(directory, { recursive: true, force: true });
});

/** Skips the test if no containerd that reads a configuration of this version can be started. */
function needsContainerd({ skip }: TestContext, version = 1): void {
  if (process.getuid?.() !== 0) skip('not root: containerd runs in namespaces');
  if (CONTAINERD === undefined) skip('containerd is not installed');
  if (version > READS) skip(`this containerd reads configurations up to version ${READS}`);
}

const socket = (): string => join(directory, String(starts), 'containerd.sock');

/** A real containerd in its own namespaces that reads the tested configuration at each start. */
const service = (): ContainerdService => ({
  config: join(etc, 'config.toml'),
  async restart() {
    await running?.[Symbol.asyncDispose]();
    starts += 1;
    const flags = ['--config', join(etc, 'config.toml'), '--root', ROOT, '--state', STATE, '--address', socket()];
    running = await launchNamespaced({
      dir: join(directory, String(starts)),
      cgroup: `kata-cc/containerd-config-${process.pid}`,
      hostname: 'containerd',
      tmpfs: [ROOT, STATE, '/run/containerd'],
      share: [etc],
      // Binds the containerd whose version was read, even if another file is mounted over the installed one.
      binds: [{ source: CONTAINERD ?? '', target: UNDER_TEST, readonly: true }],
      command: [UNDER_TEST, ...flags],
    });
  },
  ready: async (signal) => {
    const ended = running?.daemon.exited.then(() => Promise.reject(new Error('containerd ended')));
    await Promise.race([ended, criReady(socket(), { handler: KATA_HANDLER, signal })]);
  },
  log: async () => (running === undefined ? '' : logTail(running.daemon)),
});

const options = (): ContainerdOptions => ({
  pauseImage: 'k8s.gcr.io/pause:3.2',
  say: (text) => said.push(text),
  signal: SIGNAL,
});

const apply = (): Promise<void> => applyContainerdConfig(installation, options(), service());

async function write(text: string, name = 'config.toml'): Promise<void> {
  await writeFile(join(etc, name), text);
}
const read = (name = 'config.toml'): Promise<string> => readFile(join(etc, name), 'utf8');

const CRI = { 2: 'io.containerd.grpc.v1.cri', 3: 'io.containerd.cri.v1.runtime', 4: 'io.containerd.cri.v1.runtime' };

describe('a real containerd', () => {
  test.for(CONTAINERD_CONFIGS)(
    'containerd starts with the handler kata added to $name; undo restores the file',
    async ({ notReadBy, text, version }, context) => {
      needsContainerd(context, version);
      if (notReadBy !== undefined && VERSION.startsWith(`${notReadBy}.`))
        context.skip(`containerd ${VERSION} does not read this spelling`);
      await write(text);
      await apply();
      expect(await read()).not.toBe(text);
      await installation.undo();
      expect(await read()).toBe(text);
    },
  );
});

describe('the cgroup driver that CRI reports', () => {
  test.for([2, 3, 4] as const)(
    'CRI reports cgroup driver systemd if SystemdCgroup is true in a version %i configuration',
    async (version, context) => {
      needsContainerd(context, version);
      const runc = `plugins.'${CRI[version]}'.containerd.runtimes.runc`;
      for (const [systemd, driver] of [
        ['true', 'systemd'],
        ['false', 'cgroupfs'],
      ] as const) {
        await write(
          `version = ${version}\n[${runc}]\nruntime_type = 'io.containerd.runc.v2'\n[${runc}.options]\nSystemdCgroup = ${systemd}\n`,
        );
        await apply();
        expect(cgroupDriver((await criReady(socket())).config)).toBe(driver);
      }
    },
  );
});

describe('imported files of containerd’s configuration', () => {
  test.for([2, 3, 4] as const)(
    'imported containerd files of version %i that configure and disable CRI get the handler kata; undo restores them',
    async (version, context) => {
      needsContainerd(context, version);
      const main = `version = ${version}\nimports = ["${etc}/conf.d/*.toml"]\n[plugins."${CRI[version]}".containerd.runtimes.crun]\nruntime_type = "io.containerd.runc.v2"\n`;
      const imported = {
        'conf.d/10-runtime.toml': `version = ${version}\n[plugins."${CRI[version]}".containerd]\ndefault_runtime_name = "runc"\n`,
        'conf.d/20-docker.toml': `disabled_plugins = ["io.containerd.grpc.v1.cri"]\n`,
      };
      await mkdir(join(etc, 'conf.d'));
      await write(main);
      for (const [name, text] of Object.entries(imported)) await write(text, name);
      await apply();
      expect(said.join('\n')).toContain('20-docker.toml disables CRI (io.containerd.grpc.v1.cri)');
      await installation.undo();
      expect(await read()).toBe(main);
      for (const [name, text] of Object.entries(imported)) expect(await read(name)).toBe(text);
    },
  );
});

describe('an edited configuration that containerd does not start with', () => {
  const BROKEN = '# mine\r\nversion = 2\r\nrequired_plugins = ["io.containerd.no.v1.such"]\r\n';

  test('an edited configuration with which containerd does not start is restored byte for byte; the error quotes containerd', async (context) => {
    needsContainerd(context);
    await write(BROKEN);
    await chmod(join(etc, 'config.toml'), 0o640);
    const before = await stat(join(etc, 'config.toml'));
    await expect(apply()).rejects.toThrow(/io\.containerd\.no\.v1\.such[\s\S]*config\.toml restored/);
    const after = await stat(join(etc, 'config.toml'));
    expect(await read()).toBe(BROKEN);
    expect(after.mode).toBe(before.mode);
    expect(after.mtimeMs).toBeCloseTo(before.mtimeMs, 1);
    expect(starts).toBe(2);
  });

  test('a configuration file created for a containerd that does not become ready is removed again', async (context) => {
    needsContainerd(context);
    const broken = { ...service(), ready: () => Promise.reject(new Error('not ready')) };
    await expect(applyContainerdConfig(installation, options(), broken)).rejects.toThrow('not ready');
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test("the wait for containerd's CRI fails at once if CRI is disabled, although `ctr version` succeeds", async (context) => {
  needsContainerd(context);
  await write('version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
  await service().restart?.();
  await expect(criReady(socket())).rejects.toThrow(/does not serve CRI: .*unknown service runtime\.v1\.RuntimeService/);
  await run(['ctr', '--address', socket(), 'version']);
});

test('containerd is restarted if a killed run edited its configuration without restarting it', async (context) => {
  needsContainerd(context);
  await write('version = 2\n');
  await service().restart?.();
  await criReady(socket());
  const { restart: _, ...byHand } = service();
  await expect(applyContainerdConfig(installation, options(), byHand)).rejects.toThrow(
    'restart containerd and run the command again',
  );
  await apply();
  expect(starts).toBe(2);
});

test('applyContainerdConfig does not restart a containerd that is configured already', async (context) => {
  needsContainerd(context);
  await write('version = 2\n');
  await apply();
  await apply();
  expect(starts).toBe(1);
});

describe('another file that the service reads', () => {
  const dropIn = (): string => join(etc, 'containerd.service.d/kata-cc.conf');
  const withDropIn = (text: string): ContainerdService => ({ ...service(), files: [{ path: dropIn(), text }] });

  test('a changed drop-in restarts a containerd that is configured already, once; undo removes the drop-in', async (context) => {
    needsContainerd(context);
    await write('version = 2\n');
    await apply();
    for (const _ of ['changed', 'as it is']) {
      await applyContainerdConfig(installation, options(), withDropIn('[Service]\n'));
      expect(starts).toBe(2);
    }
    expect(said.join('\n')).toContain('+[Service]');
    expect(await read('containerd.service.d/kata-cc.conf')).toBe('[Service]\n');
    await installation.undo();
    await expect(stat(join(etc, 'containerd.service.d'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await read()).toBe('version = 2\n');
  });

  test('a drop-in with which containerd does not become ready is restored to that of the run before', async (context) => {
    needsContainerd(context);
    await write('version = 2\n');
    await applyContainerdConfig(installation, options(), withDropIn('# one\n'));
    const broken = { ...withDropIn('# two\n'), ready: () => Promise.reject(new Error('not ready')) };
    await expect(applyContainerdConfig(installation, options(), broken)).rejects.toThrow(
      /not ready[\s\S]*kata-cc\.conf restored/,
    );
    expect(await read('containerd.service.d/kata-cc.conf')).toBe('# one\n');
    await installation.undo();
    expect(await read()).toBe('version = 2\n');
  });

  test('commands that follow an undo run last first, after the files are restored', async (context) => {
    needsContainerd(context);
    await write('version = 2\n');
    const order = join(directory, 'order');
    const note = (what: string): string[] => ['sh', '-c', `echo "${what} $(ls ${etc})" >> ${order}`];
    await applyContainerdConfig(installation, options(), {
      ...withDropIn('#\n'),
      afterUndo: [note('restart'), note('reload')],
    });
    await installation.undo();
    expect(await readFile(order, 'utf8')).toBe('reload config.toml\nrestart config.toml\n');
  });
});
