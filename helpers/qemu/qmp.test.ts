import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Qmp, type QmpEvent } from './qmp.ts';
import { restore } from './template.ts';

const GREETING = { QMP: { version: {}, capabilities: [] } };

let directory: string;
let server: Server | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-qmp-'));
});
afterEach(async () => {
  server?.close();
  await rm(directory, { recursive: true, force: true });
});

/** A QMP server that sends the greeting and responds to each command with the messages of `answer`, one line each. */
async function qemu(answer: (command: string, id: number) => readonly object[], socket = 'qmp'): Promise<string> {
  const path = join(directory, socket);
  server = createServer((stream: Socket) => {
    const send = (message: object): void => void stream.write(`${JSON.stringify(message)}\r\n`);
    send(GREETING);
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trim().split('\n')) {
        const { execute, id } = JSON.parse(line) as { execute: string; id: number };
        if (execute === 'qmp_capabilities') send({ return: {}, id });
        else if (execute === 'hang up') stream.destroy();
        else for (const message of answer(execute, id)) send(message);
      }
    });
  });
  await once(server.listen(path), 'listening');
  return path;
}

const connect = async (answer: Parameters<typeof qemu>[0]): Promise<Qmp> =>
  Qmp.connect(await qemu(answer), { timeoutMs: 2_000 });

describe('QMP', () => {
  test('Qmp matches responses to commands by id, in any order', async () => {
    const held: object[] = [];
    await using qmp = await connect((command, id) => {
      held.push({ return: command, id });
      return held.length === 2 ? held.reverse() : [];
    });
    expect(await Promise.all([qmp.execute('one'), qmp.execute('two')])).toEqual(['one', 'two']);
  });

  test('Qmp.execute rejects with QEMU’s error class and description', async () => {
    await using qmp = await connect((_, id) => [{ error: { class: 'GenericError', desc: 'no such device' }, id }]);
    await expect(qmp.execute('device_del')).rejects.toMatchObject({
      code: 'qmp',
      qmpClass: 'GenericError',
      message: 'QEMU rejected device_del: no such device',
    });
  });

  test('Qmp emits QEMU’s events', async () => {
    await using qmp = await connect((_, id) => [
      { event: 'STOP', data: { a: 1 } },
      { return: {}, id },
    ]);
    const events: QmpEvent[] = [];
    qmp.on('event', (event) => events.push(event));
    await qmp.execute('stop');
    expect(events).toEqual([{ event: 'STOP', data: { a: 1 } }]);
  });

  test('Qmp rejects pending and later commands when QEMU closes the socket', async () => {
    await using qmp = await connect(() => []);
    await Promise.all([
      expect(qmp.execute('query-status')).rejects.toMatchObject({ code: 'qmp' }),
      expect(qmp.execute('hang up')).rejects.toMatchObject({ code: 'qmp' }),
    ]);
    await expect(qmp.execute('query-status')).rejects.toMatchObject({ code: 'qmp' });
  });

  test('restoring a VM template fails when QEMU closes the QMP socket', async () => {
    const asked = new EventEmitter();
    await using qmp = await connect((command, id) => {
      asked.emit(command);
      return [{ return: {}, id }];
    });
    const incoming = once(asked, 'migrate-incoming');
    const restoring = expect(restore(qmp, { memory: '/m', state: '/s' })).rejects.toMatchObject({ code: 'qmp' });
    await incoming;
    await expect(qmp.execute('hang up')).rejects.toMatchObject({ code: 'qmp' });
    await restoring;
  });

  test('Qmp.connect times out when QEMU does not listen on the socket', async () => {
    const connecting = Qmp.connect(join(directory, 'absent'), { timeoutMs: 50 });
    await expect(connecting).rejects.toMatchObject({ code: 'timeout' });
  });
});
