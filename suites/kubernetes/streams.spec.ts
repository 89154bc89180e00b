import { test as base, describe, expect, WEB_PORT } from '../../fixtures/test.ts';

const test = base.extend('streamPod', { scope: 'file' }, async ({ createFilePod }) => {
  const pod = await createFilePod('streams', {
    command: [
      'sh',
      '-c',
      // kubectl cp runs tar in the container.
      `busybox ln -s busybox /bin/tar; echo page >/tmp/page; busybox httpd -p 127.0.0.1:${WEB_PORT} -h /tmp
       while read line; do echo "<$line>"; echo "[$line]" >&2; done`,
    ],
    container: { stdin: true },
  });
  await pod.ready();
  return pod;
});

describe('terminal in a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('exec with a terminal gives the command a terminal of the guest with the size of the client', async ({
    streamPod,
  }) => {
    using terminal = await streamPod.openTerminal(['sh']);
    // tty(1) fails: the terminal is not in the devpts of the container (https://github.com/kata-containers/kata-containers/issues/6306).
    terminal.send('busybox readlink /proc/self/fd/0; stty size\n');
    expect(await terminal.until(/^(\/dev\/\S+)\r$/m)).toMatch(/^\/dev\/(pts\/\d+|console)$/);
    await terminal.until(/^24 80\r$/m);
  });

  test('a new size of the terminal of an exec reaches the guest', async ({ streamPod, within }) => {
    using terminal = await streamPod.openTerminal(['sh']);
    await terminal.until(/[#$] /);
    terminal.resize(132, 50);
    // The size goes its own way, which may be slower than that of the input.
    const size = async (): Promise<string> => {
      terminal.send('stty size; echo asked\n');
      await terminal.until(/^asked\r$/m);
      return terminal.received();
    };
    await expect.poll(size, { timeout: within('process').timeoutMs }).toMatch(/^50 132\r$/m);
  });

  test('Ctrl-C in the terminal of an exec interrupts the command in the guest', async ({ streamPod }) => {
    using terminal = await streamPod.openTerminal(['sh']);
    // The shell itself would keep a Ctrl-C that comes before the terminal belongs to the command.
    terminal.send(`sh -c 'echo begun; exec sleep 86400'; echo "ended with $?"\n`);
    await terminal.until(/^begun\r$/m);
    terminal.send('\x03');
    terminal.send('echo "next $((1 + 1))"\n');
    await terminal.until(/^next 2\r$/m);
  });
});

describe('attachment to a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('attach passes input to the first process of a container and returns stdout and stderr of it', async ({
    newId,
    streamPod,
  }) => {
    const text = newId();
    using attached = await streamPod.attach();
    attached.send(`${text}\n`);
    await attached.until(new RegExp(`<${text}>`));
    await attached.until(new RegExp(`\\[${text}\\]`));
  });
});

describe('port-forward to a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  // containerd connects to the port in the network namespace of the pod on the node, but the server listens in the guest
  // (https://github.com/kata-containers/runtime/issues/1834). This test fails once that is fixed, and then has to expect the page.
  test("port-forward to a server on the loopback of a pod's guest is refused, though the server serves", async ({
    fetchFrom,
    streamPod,
  }) => {
    expect(await fetchFrom(streamPod, `http://127.0.0.1:${WEB_PORT}/page`)).toBe('page\n');
    using connection = await streamPod.connect(WEB_PORT);
    connection.send('GET /page HTTP/1.0\r\n\r\n');
    await connection.until(/connect: connection refused/i);
  });
});

describe('kubectl cp with a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('kubectl cp copies a directory into a pod', async ({ kubectl, localDirectory, newId, streamPod }) => {
    const local = await localDirectory({ small: 3, large: 1_000_000 });
    const to = `/tmp/${newId()}`;
    await kubectl(['cp', local.path, `${streamPod.name}:${to}`]);
    for (const name of ['small', 'large']) {
      const { stdout } = await streamPod.exec(['busybox', 'sha256sum', `${to}/${name}`]);
      expect(stdout).toBe(`${await local.digest(name)}  ${to}/${name}\n`);
    }
  });

  test('kubectl cp copies a file out of a pod', async ({ kubectl, localDirectory, newId, streamPod }) => {
    const from = `/tmp/${newId()}`;
    await streamPod.exec(['sh', '-c', `busybox head -c 1000000 /dev/urandom >${from}`]);
    const { stdout } = await streamPod.exec(['busybox', 'sha256sum', from]);
    const local = await localDirectory();
    await kubectl(['cp', `${streamPod.name}:${from}`, `${local.path}/copy`]);
    expect(`${await local.digest('copy')}  ${from}\n`).toBe(stdout);
  });
});
