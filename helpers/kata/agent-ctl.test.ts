import { expect, test } from 'vitest';
import { agentCtlArguments, outcomeIn } from './agent-ctl.ts';

test.for([
  [{ kind: 'unix', path: '/run/a.sock' }, ['--server-address', 'unix:///run/a.sock']],
  [{ kind: 'vsock', cid: 3, port: 1_024 }, ['--server-address', 'vsock://3:1024']],
  [
    { kind: 'hvsock', path: '/run/h.sock', port: 1_024 },
    ['--server-address', 'unix:///run/h.sock', '--hybrid-vsock', '--hybrid-vsock-port', '1024'],
  ],
] as const)('an agent at %o is reached with %j', ([address, server]) => {
  const given = agentCtlArguments('Check', { address, bundle: '/bundle' });
  expect(given.slice(given.indexOf('--server-address'))).toEqual([...server, '--cmd', 'Check']);
});

test('its answer is the one line of its log that has it, and why there is none another', () => {
  const said = (msg: string, more = {}): string => JSON.stringify({ msg, level: 'INFO', ...more });
  const answered = ['', said('announce'), said('response received', { response: 'x: 1' })].join('\n');
  expect(outcomeIn(answered)).toEqual({ response: 'x: 1', error: '' });
  const refusal = 'ignoring error for command Check: Err(API failed)';
  expect(outcomeIn(`${said('announce')}\n${said(refusal)}`)).toEqual({ response: undefined, error: refusal });
  expect(outcomeIn('', 'ERROR: no agent\n')).toEqual({ response: undefined, error: 'ERROR: no agent' });
});

test('lines that are not JSON although they begin like it do not hide the answer', () => {
  const answer = JSON.stringify({ msg: 'response received', response: 'x: 1' });
  expect(outcomeIn(`{ x: "\\u{7f}" }\n{\n{}\n${answer}\n`)).toEqual({ response: 'x: 1', error: '' });
});
