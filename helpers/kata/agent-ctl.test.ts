import { expect, test } from 'vitest';
import { agentCtlArguments, outcomeIn } from './agent-ctl.ts';

test.for([
  [{ kind: 'unix', path: '/run/a.sock' }, ['--server-address', 'unix:///run/a.sock']],
  [{ kind: 'vsock', cid: 3, port: 1_024 }, ['--server-address', 'vsock://3:1024']],
  [
    { kind: 'hvsock', path: '/run/h.sock', port: 1_024 },
    ['--server-address', 'unix:///run/h.sock', '--hybrid-vsock', '--hybrid-vsock-port', '1024'],
  ],
] as const)('agentCtlArguments addresses an agent at %o with %j', ([address, server]) => {
  const given = agentCtlArguments('Check', { address, bundle: '/bundle' });
  expect(given.slice(given.indexOf('--server-address'))).toEqual([...server, '--cmd', 'Check']);
});

test('outcomeIn finds the response in kata-agent-ctl’s log, or else the error in its log or stderr', () => {
  const said = (msg: string, more = {}): string => JSON.stringify({ msg, level: 'INFO', ...more });
  const answered = ['', said('announce'), said('response received', { response: 'x: 1' })].join('\n');
  expect(outcomeIn(answered)).toEqual({ response: 'x: 1', error: '' });
  const rejection = 'ignoring error for command Check: Err(API failed)';
  expect(outcomeIn(`${said('announce')}\n${said(rejection)}`)).toEqual({ response: undefined, error: rejection });
  expect(outcomeIn('', 'ERROR: no agent\n')).toEqual({ response: undefined, error: 'ERROR: no agent' });
});

test('outcomeIn skips lines that begin with a brace but are not JSON', () => {
  const answer = JSON.stringify({ msg: 'response received', response: 'x: 1' });
  expect(outcomeIn(`{ x: "\\u{7f}" }\n{\n{}\n${answer}\n`)).toEqual({ response: 'x: 1', error: '' });
});
