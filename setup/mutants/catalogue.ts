// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source code, as text
import type { Mutant } from './mutant.ts';
import { IGNORED_FIELDS } from './specification.ts';

const PULL = ['suites/image/pull.spec.ts'];
const SIGNATURES = ['suites/image/signatures.spec.ts'];
const IMAGE = [...PULL, ...SIGNATURES];
const CONTAINERS = ['suites/agent/containers.spec.ts'];
const AGENT = ['suites/agent/agent.spec.ts'];

const IMAGES = 'image-service.ts';
const SERVICE = 'agent-service.ts';
const CONTAINER = 'container.ts';

/** Node's file functions, where a file does not import the one a lie needs. */
const FS = "process.getBuiltinModule('node:fs')";

/** Every mutant. Each must turn a spec red that says what is wrong. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'policy-never-read',
    lie: 'the policy is announced and never applied',
    file: IMAGES,
    find: "...(policy === '' ? ['--insecure-policy'] : ['--policy', policy]),",
    replace: "'--insecure-policy',",
    suites: SIGNATURES,
  },
  {
    name: 'policy-of-its-own',
    lie: 'a policy is applied, but always the one of the rootfs',
    file: IMAGES,
    find: ": ['--policy', policy]),",
    replace: ": ['--policy', '/etc/containers/quay_verification/quay_policy.json']),",
    suites: SIGNATURES,
  },
  {
    name: 'policy-default-when-none',
    lie: 'without a policy one is applied all the same',
    file: IMAGES,
    find: "(policy === '' ? ['--insecure-policy']",
    replace: "(policy === '' ? ['--policy', '/etc/containers/quay_verification/quay_policy.json']",
    suites: SIGNATURES,
  },
  {
    name: 'signature-always-accepted',
    lie: 'a signature is good whatever it signs: the refused image is fetched without looking at it',
    file: IMAGES,
    find: '      const failure = await runInherited(command);',
    replace:
      "      const failure = (await runInherited(command)) && (await runInherited(command.map((word) => (word === '--policy' ? '--insecure-policy' : word)).filter((word) => word !== policy)));",
    suites: SIGNATURES,
  },
  {
    name: 'wrong-cause',
    lie: 'an image signed with another key is refused with the right status because it cannot be found',
    file: IMAGES,
    find: '`docker://${image}`,',
    replace: "`docker://${image.replace(':other_signed', ':nosuchtag')}`,",
    suites: SIGNATURES,
  },
  {
    name: 'wrong-text',
    lie: 'a refusal has the right status and another text',
    file: IMAGES,
    find: 'throw internal(`failed to pull image: ${failure}`);',
    replace: 'throw internal(`could not pull image: ${failure}`);',
    suites: SIGNATURES,
  },
  {
    name: 'wrong-status',
    lie: 'a refusal has the right text and another status',
    file: 'answers.ts',
    find: 'new TtrpcStatus(status.INTERNAL, message)',
    replace: 'new TtrpcStatus(status.UNKNOWN, message)',
    suites: SIGNATURES,
  },
  {
    name: 'leftover-after-rejection',
    lie: 'the temporary directory of a refused pull stays',
    file: IMAGES,
    find: '      await rm(temporary, { recursive: true, force: true });\n',
    replace: '',
    suites: SIGNATURES,
  },
  {
    name: 'leftover-after-pull',
    lie: 'the temporary directory of an accepted pull stays',
    file: IMAGES,
    find: '    await rm(temporary, { recursive: true });\n',
    replace: '',
    suites: PULL,
  },
  {
    name: 'bundle-after-rejection',
    lie: 'a refused pull leaves a bundle behind',
    file: IMAGES,
    find: 'throw internal(`failed to pull image: ${failure}`);',
    replace:
      'await mkdir(join(CONTAINER_BASE, id), { recursive: true });\n      throw internal(`failed to pull image: ${failure}`);',
    suites: SIGNATURES,
  },
  {
    name: 'wrong-digest',
    lie: 'the bundle is named after another digest than was pulled',
    file: IMAGES,
    find: 'if (failure !== undefined) throw internal(`failed to unpack image: ${failure}`);',
    replace: `if (failure !== undefined) throw internal(\`failed to unpack image: \${failure}\`);
    for (const name of ${FS}.readdirSync(bundle)) if (name.endsWith('.mtree')) ${FS}.renameSync(join(bundle, name), join(bundle, \`sha256_\${'0'.repeat(64)}.mtree\`));`,
    suites: PULL,
  },
  {
    name: 'another-image',
    lie: 'whatever is asked for, busybox is pulled',
    file: IMAGES,
    find: '`docker://${image}`,',
    replace: "'docker://docker.io/library/busybox:latest',",
    suites: IMAGE,
  },
  {
    name: 'bytes-changed',
    lie: 'a large file of the image has its size and other bytes',
    file: IMAGES,
    find: 'if (failure !== undefined) throw internal(`failed to unpack image: ${failure}`);',
    replace: `if (failure !== undefined) throw internal(\`failed to unpack image: \${failure}\`);
    const large = join(bundle, 'rootfs/extra');
    if (existsSync(large)) { const file = ${FS}.openSync(large, 'r+'); ${FS}.writeSync(file, Buffer.alloc(4096), 0, 4096, 50_000_000); ${FS}.closeSync(file); }`,
    suites: PULL,
  },
  {
    name: 'credentials-ignored',
    lie: 'credentials are taken and not used',
    file: IMAGES,
    find: "if (sourceCreds === '') return undefined;",
    replace: "if (sourceCreds !== ' ') return undefined;",
    suites: PULL,
  },
  {
    name: 'another-reference',
    lie: 'the answer names the container id instead of the image',
    file: IMAGES,
    find: 'return { imageRef: image };',
    replace: 'return { imageRef: id };',
    suites: PULL,
  },
  {
    name: 'any-container-id',
    lie: 'a container id that is a path is taken',
    file: 'sandbox.ts',
    find: 'if (!VALID_ID.test(id))',
    replace: 'if (!VALID_ID.test(id) && false)',
    suites: PULL,
  },
  {
    name: 'refused-too-late',
    lie: 'a container id that is none is refused, but only after something was fetched for it',
    file: IMAGES,
    find: "if (containerId !== '') verifyContainerId(containerId);",
    replace:
      "this.#log('info', 'rpc', `Attempting to pull image docker://${image}...`);\n    if (containerId !== '') verifyContainerId(containerId);",
    suites: PULL,
  },
  {
    name: 'second-pull-wins',
    lie: 'a second pull under one container id replaces the first',
    file: IMAGES,
    find: 'await this.#unpack(id);',
    replace: 'await rm(join(CONTAINER_BASE, id), { recursive: true, force: true });\n    await this.#unpack(id);',
    suites: PULL,
  },
  {
    name: 'exit-code-zero',
    lie: 'every process is said to have exited with 0',
    file: SERVICE,
    find: 'return { status: exitCode };',
    replace: 'return { status: exitCode && 0 };',
    suites: CONTAINERS,
  },
  {
    name: 'exec-outside',
    lie: 'exec runs the program of the guest instead of the one of the container',
    file: CONTAINER,
    find: "const command = [...RUNC, 'exec', '--process', `${base}.json`, '--pid-file', pidFile, this.id];",
    replace: "const command = ['sh', '-c', 'echo $$ > \"$0\"; exec \"$@\"', pidFile, ...description.args];",
    suites: CONTAINERS,
  },
  {
    name: 'another-signal',
    lie: 'another signal is sent than was asked for',
    file: CONTAINER,
    find: '      process.kill(pid, effective);',
    replace: '      process.kill(pid, effective === SIGKILL ? SIGKILL : 2);',
    suites: CONTAINERS,
  },
  {
    name: 'stderr-is-stdout',
    lie: 'what is read as stderr is stdout',
    file: SERVICE,
    find: "read('stderr', len)",
    replace: "read('stdout', len)",
    suites: CONTAINERS,
  },
  {
    name: 'stdin-lost',
    lie: 'what is written to a process is counted and thrown away',
    file: SERVICE,
    find: '      await target.write(data);\n',
    replace: '',
    suites: CONTAINERS,
  },
  {
    name: 'pause-does-nothing',
    lie: 'a paused container goes on',
    file: CONTAINER,
    find: "    await runc('pause', this.id);\n",
    replace: '',
    suites: CONTAINERS,
  },
  {
    name: 'limit-not-set',
    lie: 'a memory limit is accepted and not set',
    file: SERVICE,
    find: "await runc('update', ...flags, id);",
    replace: 'await Promise.resolve([runc, flags, id]);',
    suites: CONTAINERS,
  },
  {
    name: 'resize-ignored',
    lie: 'TtyWinResize succeeds and leaves the terminal as it is',
    file: 'guest-process.ts',
    find: '    this.#size = `${rows} ${columns}`;',
    replace: '    if (rows * columns > 0) return;',
    suites: CONTAINERS,
  },
  {
    name: 'bundle-after-remove',
    lie: 'a container that was removed leaves its bundle',
    file: CONTAINER,
    find: '    await rm(this.bundle, { recursive: true });\n',
    replace: '',
    suites: CONTAINERS,
  },
  {
    name: 'started-at-create',
    lie: 'a container runs before it is started',
    file: CONTAINER,
    find: '    await container.#begin();\n',
    replace: "    await container.#begin();\n    await writeFile(join(container.bundle, EXEC_FIFO), '\\n');\n",
    suites: CONTAINERS,
  },
  {
    name: 'environment-lost',
    lie: "the image's environment does not reach the container",
    file: 'pulled-image.ts',
    find: 'target.env = [...target.env, ...source.env];',
    replace: 'target.env = [...target.env];',
    suites: CONTAINERS,
  },
  {
    name: 'copy-anywhere',
    lie: 'a file is copied to any path',
    file: 'copy-file.ts',
    find: 'throw internal(ERRNO.EINVAL);',
    replace: 'void internal(ERRNO.EINVAL);',
    suites: AGENT,
  },
  {
    name: 'name-before-whole',
    lie: 'a file has its name before it is whole',
    file: 'copy-file.ts',
    find: 'if ((await file.stat()).size !== Number(fileSize)) return;',
    replace: 'await file.stat(); Number(fileSize);',
    suites: AGENT,
  },
  {
    name: 'log-level-ignored',
    lie: 'agent.log is read and not applied',
    file: 'main.ts',
    find: 'createLog(config.logLevel)',
    replace: "createLog('debug')",
    suites: AGENT,
  },
  {
    name: 'bad-parameter-taken',
    lie: 'a policy path that leads elsewhere is taken',
    file: 'kernel-parameters.ts',
    find: "if (!value.startsWith('/') || value.includes('..'))",
    replace: "if (!value.startsWith('/'))",
    suites: AGENT,
  },
  {
    name: 'two-versions',
    lie: 'the agent has another version by each call that says one',
    file: 'guest-details.ts',
    find: 'version: VERSION,',
    replace: "version: '9.9.9',",
    suites: AGENT,
  },
  {
    name: 'counter-stands-still',
    lie: 'the metrics are always the same',
    file: 'metrics.ts',
    find: '  scrapes += 1;\n',
    replace: '',
    suites: AGENT,
  },
  ...IGNORED_FIELDS,
];
