import { describe, expect, test } from 'vitest';
import { allowEveryRequest } from './default-policy.ts';

describe('allowEveryRequest', () => {
  test('allows each message once, in a package of its own', () => {
    expect(allowEveryRequest(['ReadStreamRequest', 'CheckRequest', 'ReadStreamRequest'])).toEqual({
      text: 'package agent_policy\n\ndefault CheckRequest := true\ndefault ReadStreamRequest := true\n',
    });
  });

  test("keeps upstream's policy, and adds and reports the rules that it lacks", () => {
    const upstream = '# allows\npackage agent_policy\n\ndefault CopyFileRequest := true\n';
    expect(allowEveryRequest(['CopyFileRequest', 'SetIPTablesRequest'], upstream)).toEqual({
      text: `${upstream}default SetIPTablesRequest := true\n`,
      change: 'the default policy of its guests also allows SetIPTablesRequest',
    });
  });

  test("returns upstream's policy unchanged if it names every message", () => {
    const upstream = 'package agent_policy\n\ndefault CopyFileRequest := true\n';
    expect(allowEveryRequest(['CopyFileRequest'], upstream)).toEqual({ text: upstream });
  });
});
