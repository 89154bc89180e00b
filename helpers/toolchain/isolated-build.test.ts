import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test as base, expect } from 'vitest';
import { describeWhere } from '../contract/run-where.ts';
import { takeProgram } from '../isolation/ownership.ts';
import { BUILD_ID } from '../isolation/sandbox.ts';
import { run } from '../process/exec.ts';
import { hostProcesses } from '../process/process.ts';
import { cargoWith, whyNoIsolation } from './cargo.example.ts';
import { type Cargo, cargoBuild } from './cargo.ts';

/** Time for two builds of a small crate on a busy machine. */
const TIMEOUT_MS = 60_000;

const missing = await whyNoIsolation();

/** A crate whose build script runs `script`, a body of a Rust function, beside files that it must not reach. */
interface Attack {
  readonly build: (script: string, isolated: boolean) => Promise<readonly string[]>;
  readonly cargo: Cargo;
  readonly crate: string;
  readonly targetDir: string;
  /** Path of a file in the user's home. */
  readonly secret: string;
  /** Path of a file below /etc that does not exist. */
  readonly setting: string;
  /** Path of a socket that answers. */
  readonly socket: string;
}

const test = base.extend<{ attack: Attack }>({
  attack: async ({ task: _ }, use) => {
    await using stack = new AsyncDisposableStack();
    const own = async (parent: string): Promise<string> => {
      const directory = await mkdtemp(join(parent, 'kata-cc-attack-'));
      stack.defer(() => rm(directory, { recursive: true }));
      return directory;
    };
    const crate = await own(tmpdir());
    const targetDir = await own(tmpdir());
    const secret = join(await own(homedir()), 'secret');
    const socket = join(await own('/run'), 'engine.sock');
    const setting = `/etc/${targetDir.slice(tmpdir().length + 1)}`;
    stack.defer(() => rm(setting, { force: true }));
    await writeFile(secret, 'a key');
    const server = createServer((connection) => connection.end()).listen(socket);
    stack.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const cargoHome = await own(homedir());
    await mkdir(join(cargoHome, 'registry'));
    const cargo = await cargoWith(cargoHome);
    await mkdir(join(crate, 'src'));
    await writeFile(join(crate, 'Cargo.toml'), '[package]\nname = "attack"\nversion = "1.0.0"\nedition = "2021"\n');
    await writeFile(join(crate, 'Cargo.lock'), 'version = 3\n\n[[package]]\nname = "attack"\nversion = "1.0.0"\n');
    await writeFile(join(crate, 'src/main.rs'), 'fn main() { println!("built"); }\n');
    await use({
      ...{ cargo, crate, secret, setting, socket, targetDir },
      async build(script, isolated) {
        await writeFile(join(crate, 'build.rs'), `fn main() {\n${script}\n}\n`);
        return (await cargoBuild({ cargo: { ...cargo, isolated }, crate, targetDir, say: () => {} })).changes;
      },
    });
  },
});

async function writeTree(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

/** Rust that starts a command without waiting for it; the command does not keep the output of the build script open. */
function spawn(command: string): string {
  const [file, ...args] = command.split(' ').map((word) => `"${word}"`);
  const closed = '(std::process::Stdio::null())';
  return `std::process::Command::new(${file}).args([${args.join(', ')}]).stdout${closed}.stderr${closed}.spawn()`;
}

const ATTACKS: readonly (readonly [what: string, script: (attack: Attack) => string, error: RegExp])[] = [
  [
    "reads a file of the user's home",
    ({ secret }) => `std::fs::read("${secret}").expect("reading ${secret}");`,
    /reading \/root\/.*secret: .*NotFound/,
  ],
  [
    'writes below /etc',
    ({ setting }) => `std::fs::write("${setting}", "").expect("writing ${setting}");`,
    /writing \/etc\/.*PermissionDenied/,
  ],
  [
    'connects to a socket of this machine',
    ({ socket }) => `std::os::unix::net::UnixStream::connect("${socket}").expect("connecting to ${socket}");`,
    /connecting to \/run\/.*engine\.sock: .*NotFound/,
  ],
  [
    'reads a registry token of the environment',
    () => 'std::env::var("CARGO_REGISTRY_TOKEN").expect("reading the token");',
    /reading the token: NotPresent/,
  ],
  [
    'adds a crate to those that later builds use',
    ({ cargo }) => {
      const file = `${cargo.env['CARGO_HOME']}/registry/kata-cc-attack`;
      return `std::fs::write("${file}", "").expect("writing to the registry"); std::fs::remove_file("${file}").unwrap();`;
    },
    /writing to the registry: .*(ReadOnlyFilesystem|PermissionDenied)/,
  ],
];

describeWhere(missing ?? true)('an isolated build', () => {
  test.for(ATTACKS)(
    'fails if its build script %s, and its error says so',
    { timeout: TIMEOUT_MS },
    async ([, script, error], { attack }) => {
      const failure = attack.build(script(attack), true).catch(String);
      expect(await failure).toMatch(error);
      expect(await attack.build(script(attack), false)).toEqual([]);
    },
  );

  test(
    'says in its error what an isolated build lacks, if the build missed that',
    async ({ attack }) => {
      const script = 'std::fs::read("/root/.ssh/id_ed25519").expect("reading the key");';
      await expect(attack.build(script, true)).rejects.toThrow(/cargo exited with 101: (.|\n)*KATA_BUILD_ISOLATION=no/);
      await expect(attack.build('panic!("a defect");', true)).rejects.not.toThrow(/KATA_BUILD_ISOLATION/);
    },
    TIMEOUT_MS,
  );

  test(
    'can read a fetched crate whose files its archive gives to its owner alone, and leaves their modes',
    async ({ attack }) => {
      const registry = join(attack.cargo.env['CARGO_HOME'] ?? '', 'registry');
      const crate = join(registry, 'src/index.example/closed-1.0.0');
      await writeTree(crate, { 'src/lib.rs': 'text', 'README.md': '' });
      // As cargo makes them under the usual umask; the crate's own modes are those of its archive.
      for (const path of ['', 'src', 'src/index.example']) await chmod(join(registry, path), 0o755);
      await chmod(join(crate, 'src/lib.rs'), 0o600);
      await chmod(join(crate, 'src'), 0o700);
      await attack.build(`std::fs::read("${crate}/src/lib.rs").expect("reading the crate");`, true);
      expect((await stat(join(crate, 'src/lib.rs'))).mode & 0o777).toBe(0o600);
    },
    TIMEOUT_MS,
  );

  test(
    'ends the background processes that its build script leaves',
    async ({ attack }) => {
      const command = `sleep ${40_000 + process.pid}`;
      await attack.build(`${spawn(command)}.unwrap();`, true);
      // bwrap returns when the build has ended, and the kernel ends the rest of its PID namespace at the same time.
      await expect.poll(() => hostProcesses(command), { timeout: 1_000 }).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'ends with all its processes when it is aborted',
    async ({ attack }) => {
      const { cargo, crate, targetDir } = attack;
      const command = `sleep ${50_000 + process.pid}`;
      await writeFile(join(crate, 'build.rs'), `fn main() { ${spawn(command)}.unwrap().wait().unwrap(); }\n`);
      const controller = new AbortController();
      const build = { cargo: { ...cargo, isolated: true }, crate, targetDir, say: () => {} };
      const failure = cargoBuild({ ...build, signal: controller.signal }).catch(String);
      await expect.poll(() => hostProcesses(command), { timeout: TIMEOUT_MS }).toHaveLength(1);
      controller.abort();
      expect(await failure).toContain('was cancelled');
      await expect.poll(() => hostProcesses(command)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'has no network',
    async ({ attack }) => {
      const server = createServer((connection) => connection.end()).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const script = `std::net::TcpStream::connect("127.0.0.1:${port}").expect("connecting");`;
      const failure = attack.build(script, true).catch(String);
      expect(await failure).toMatch(/connecting: .*ConnectionRefused/);
      expect(await attack.build(script, false)).toEqual([]);
      server.close();
    },
    TIMEOUT_MS,
  );

  test(
    'leaves a program that root takes, and that is no link to another file',
    async ({ attack }) => {
      await attack.build('', true);
      const { crate, secret, targetDir } = attack;
      expect((await stat(join(targetDir, 'release/attack'))).uid).toBe(BUILD_ID);
      const taken = `${secret}-program`;
      await takeProgram(targetDir, 'release/attack', taken);
      expect(await stat(taken)).toMatchObject({ uid: 0, gid: 0, mode: 0o100755 });
      const link = 'std::os::unix::fs::symlink(std::env::var("SECRET").unwrap_or_default(), "link").unwrap();';
      await attack.build(link.replace('std::env::var("SECRET").unwrap_or_default()', `"${secret}"`), true);
      await expect(takeProgram(crate, 'link', taken)).rejects.toThrow(`${crate}/link: the build made a link of it`);
      expect(await readdir(crate)).toContain('link');
      await run(['mkfifo', join(crate, 'pipe')]);
      await expect(takeProgram(crate, 'pipe', taken)).rejects.toThrow(`${crate}/pipe: the build made no file of it`);
    },
    TIMEOUT_MS,
  );

  test(
    'fails if its build script makes a link of Cargo.lock, through which cargo would write to a file of the user',
    async ({ attack }) => {
      const config = `${attack.cargo.env['CARGO_HOME']}/config.toml`;
      const script = `std::fs::remove_file("Cargo.lock").unwrap();
        std::os::unix::fs::symlink("${config}", "Cargo.lock").unwrap();`;
      // A crate that cannot be linked is updated, for which cargo generates a missing lock file.
      await writeFile(
        join(attack.crate, 'src/main.rs'),
        'extern "C" { fn nowhere(); } fn main() { unsafe { nowhere() } }',
      );
      const failure = await attack.build(script, true).catch(String);
      await expect(readFile(config, 'utf8')).rejects.toThrow('ENOENT');
      expect(failure).toContain(`${attack.crate}/Cargo.lock: it is a link`);
    },
    TIMEOUT_MS,
  );

  test(
    "builds with the crates that the user's config.toml of cargo names, and their workspace",
    async ({ attack }) => {
      const { cargo, crate, targetDir } = attack;
      const cargoHome = cargo.env['CARGO_HOME'] ?? '';
      const version = 'version = "1.0.0"';
      await writeTree(cargoHome, {
        'work/Cargo.toml': `[workspace]\nmembers = ["patched"]\n[workspace.package]\n${version}\n`,
        'work/patched/Cargo.toml': '[package]\nname = "patched"\nversion.workspace = true\n',
        'work/patched/src/lib.rs': '',
        'vendor/vendored/Cargo.toml': `[package]\nname = "vendored"\n${version}\n`,
        'vendor/vendored/.cargo-checksum.json': '{"files":{}}',
        'vendor/vendored/src/lib.rs': '',
        'config.toml': `[patch.crates-io]\npatched = { path = "${cargoHome}/work/patched" }
[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "${cargoHome}/vendor"\n`,
      });
      // As docs/isolation.md requires, whichever umask the tests run with.
      for (const name of ['work', 'vendor']) await run(['chmod', '-R', 'go+rX', join(cargoHome, name)]);
      await appendFile(join(crate, 'Cargo.toml'), '[dependencies]\npatched = "1"\nvendored = "1"\n');
      const withDependencies = cargoBuild({ cargo: { ...cargo, isolated: true }, crate, targetDir, say: () => {} });
      // The lock file of the example crate lacks the dependencies.
      expect((await withDependencies).changes).toEqual([expect.stringContaining('built without --locked')]);
    },
    TIMEOUT_MS,
  );

  test("rejects a rust-toolchain.toml that names a directory, whose programs would run as this process's user", async ({
    attack,
  }) => {
    const tool = join(attack.crate, 'tools/bin/cargo');
    const proof = `${attack.secret}-toolchain`;
    await mkdir(join(tool, '..'), { recursive: true });
    for (const name of ['cargo', 'rustc']) {
      await writeFile(join(tool, '..', name), `#!/bin/sh\ntouch ${proof}\n`, { mode: 0o755 });
    }
    await writeFile(join(attack.crate, 'rust-toolchain.toml'), `[toolchain]\npath = "${attack.crate}/tools"\n`);
    await expect(attack.build('', true)).rejects.toThrow('rust-toolchain.toml of the source names a directory');
    await expect(readFile(proof)).rejects.toThrow('ENOENT');
  });

  test(
    "does not run a compiler wrapper that the source's .cargo/config.toml names as this process's user",
    async ({ attack }) => {
      const proof = `${attack.secret}-wrapper`;
      const wrapper = join(attack.crate, 'wrapper');
      await writeFile(wrapper, `#!/bin/sh\ntouch ${proof}\nexec "$@"\n`, { mode: 0o755 });
      await mkdir(join(attack.crate, '.cargo'));
      await writeFile(join(attack.crate, '.cargo/config.toml'), `[build]\nrustc-wrapper = "${wrapper}"\n`);
      expect(await attack.build('', true)).toEqual([]);
      await expect(readFile(proof)).rejects.toThrow('ENOENT');
      await attack.build('// again', false);
      expect(await readFile(proof, 'utf8')).toBe('');
    },
    TIMEOUT_MS,
  );
});
