import { describe, expect, test } from 'vitest';
import { parseToml, type TomlTable } from '../../helpers/text/toml-read.ts';
import { configureContainerd, type HandlerSnapshotter } from './containerd-config.ts';
import { CONTAINERD_CONFIGS } from './example-containerd-configs.ts';

const PAUSE = 'k8s.gcr.io/pause:3.2';
const MAIN = '/etc/containerd/config.toml';

/** The main configuration file after configureContainerd; the input if it was not changed. */
const configured = (text: string, imports: Readonly<Record<string, string>> = {}): string => {
  const imported = Object.entries(imports).map(([path, each]) => ({ path, text: each }));
  const changed = configureContainerd([{ path: MAIN, text }, ...imported], { pauseImage: PAUSE });
  return changed.find(({ path }) => path === MAIN)?.text ?? text;
};

/** The settings that set-up adds to a containerd configuration of this version. */
const wanted = (version: number): TomlTable => {
  const containerd = {
    runtimes: { kata: { runtime_type: 'io.containerd.kata.v2', privileged_without_host_devices: true } },
  };
  if (version === 1) return { plugins: { cri: { sandbox_image: PAUSE, containerd } } };
  if (version === 2) return { plugins: { 'io.containerd.grpc.v1.cri': { sandbox_image: PAUSE, containerd } } };
  return {
    plugins: {
      'io.containerd.cri.v1.runtime': { containerd },
      'io.containerd.cri.v1.images': { pinned_images: { sandbox: PAUSE } },
    },
  };
};

/** All comments of a configuration, except the one that is removed with the entry of `disabled_plugins` below it. */
const commentsIn = (text: string): readonly string[] =>
  (text.match(/#.*/g) ?? []).filter((comment) => comment !== '# Docker needs no CRI');

describe('additions of configureContainerd', () => {
  test.for(CONTAINERD_CONFIGS)(
    'configureContainerd adds handler kata and pause image to $name',
    ({ text, version }) => {
      const edited = configured(text);
      expect(parseToml(edited)).toMatchObject(wanted(version));
      for (const comment of commentsIn(text)) expect(edited).toContain(comment);
      if (text.includes('\r\n')) expect(edited).not.toMatch(/[^\r]\n/);
      expect(configured(edited)).toBe(edited);
    },
  );

  test('configureContainerd edits a configuration of an unknown newer version like the newest known one', () => {
    expect(parseToml(configured('version = 9\n'))).toMatchObject({ version: 9, ...wanted(4) });
  });
});

describe('snapshotter of the handler kata', () => {
  const NYDUS = { name: 'nydus', socket: '/run/n.sock', root: '/var/lib/n' };
  const withSnapshotter = (text: string, snapshotter: HandlerSnapshotter): string =>
    configureContainerd([{ path: MAIN, text }], { snapshotter })[0]?.text ?? text;
  const added = (version: number): TomlTable => {
    const proxy_plugins = { nydus: { type: 'snapshot', address: '/run/n.sock', exports: { root: '/var/lib/n' } } };
    const runtimes = { kata: { snapshotter: 'nydus' } };
    const cri = { containerd: { runtimes, disable_snapshot_annotations: false } };
    if (version === 1) return { proxy_plugins, plugins: { cri } };
    if (version === 2) return { proxy_plugins, plugins: { 'io.containerd.grpc.v1.cri': cri } };
    return {
      proxy_plugins,
      plugins: {
        'io.containerd.cri.v1.runtime': { containerd: { runtimes } },
        'io.containerd.cri.v1.images': {
          disable_snapshot_annotations: false,
          runtime_platforms: { kata: { snapshotter: 'nydus' } },
        },
      },
    };
  };

  test.for(CONTAINERD_CONFIGS)(
    'configureContainerd gives the handler kata a proxy plugin as snapshotter in $name, and takes it away',
    ({ text, version }) => {
      const edited = withSnapshotter(text, NYDUS);
      expect(parseToml(edited)).toMatchObject(added(version));
      expect(withSnapshotter(edited, NYDUS)).toBe(edited);
      expect(withSnapshotter(edited, 'default')).not.toContain('snapshotter = "nydus"');
    },
  );
});

describe('configureContainerd', () => {
  test.for([
    ['version = \n', /^\/etc\/containerd\/config\.toml: .*\(1, \d+\)/],
    ['version = "2"\n', /version = "2": expected a whole number/],
    ['version = 2\nplugins = 5\n', /plugins = 5: expected a table/],
    [
      'version = 2\n[grpc]\naddress = "/run/mine.sock"\n',
      /grpc\.address = "\/run\/mine\.sock": expected "\/run\/containerd/,
    ],
    [
      "version = 4\n[plugins.'io.containerd.server.v1.grpc']\naddress = '/run/mine.sock'\n",
      /"io\.containerd\.server\.v1\.grpc"\.address = .*: expected/,
    ],
    ['version = 2\nstate = "/srv/state"\n', /state = "\/srv\/state": expected "\/run\/containerd"/],
  ] as const)('configureContainerd rejects %j and names file, setting and expected value', ([text, complaint]) => {
    expect(() => configured(text)).toThrow(complaint);
  });

  test('configureContainerd keeps a runtime runc of any type, and another default runtime', () => {
    const plugin = 'plugins."io.containerd.grpc.v1.cri".containerd';
    const own = `version = 2\n[${plugin}.runtimes.runc]\nruntime_type = "io.containerd.runsc.v1"\n`;
    expect(configured(own)).toContain('"io.containerd.runsc.v1"');
    const crun = `version = 2\n[${plugin}]\ndefault_runtime_name = "crun"\n[${plugin}.runtimes.crun]\nruntime_type = "io.containerd.runc.v2"\n`;
    expect(configured(crun)).not.toContain('runtimes.runc');
  });

  test("configureContainerd removes another Kata's shim and configuration from the handler kata, not its annotations", () => {
    const kata = 'plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata';
    const text = `version = 2\n[${kata}]\nruntime_type = "io.containerd.kata-qemu.v2"\nruntime_path = "/opt/kata/bin/shim"\npod_annotations = ["com.example.*"]\n[${kata}.options]\nConfigPath = "/opt/kata/c.toml"\n`;
    expect(parseToml(configured(text))).toMatchObject({
      plugins: {
        'io.containerd.grpc.v1.cri': {
          containerd: {
            runtimes: {
              kata: {
                runtime_type: 'io.containerd.kata.v2',
                runtime_path: '',
                pod_annotations: ['com.example.*', 'io.katacontainers.*'],
                container_annotations: ['io.kubernetes.container.terminationMessage*'],
                options: { ConfigPath: '' },
              },
            },
          },
        },
      },
    });
  });

  test('configureContainerd edits the import that takes precedence, and enables CRI in each file that disables it', () => {
    const edited = configureContainerd(
      [
        { path: MAIN, text: 'version = 3\nimports = ["/x/*"]\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' },
        { path: '/x/1', text: 'version = 2\n[plugins."io.containerd.grpc.v1.cri".cni]\nbin_dir = "/x"\n' },
        {
          path: '/x/2',
          text: 'disabled_plugins = ["io.containerd.cri.v1.images", "io.containerd.snapshotter.v1.zfs"]\n',
        },
      ],
      {},
    );
    expect(Object.fromEntries(edited.map(({ path, text }) => [path, parseToml(text)]))).toMatchObject({
      [MAIN]: { disabled_plugins: [] },
      '/x/1': { plugins: { 'io.containerd.grpc.v1.cri': { containerd: { runtimes: { kata: {} } } } } },
      '/x/2': { disabled_plugins: ['io.containerd.snapshotter.v1.zfs'] },
    });
  });
});
