import { expect, test } from 'vitest';
import { type ExistingNames, unknownMentions } from './mentions.ts';

const KNOWN: ExistingNames = {
  pathExists: (path) => ['helpers/poll.ts', 'helpers', 'README.md', 'biome.json', '**/poll.ts'].includes(path),
  scripts: ['test', 'kata', 'ccv0', 'protos:check'],
  commands: { ccv0: { build: {} }, kata: { endpoint: { add: {} }, bench: {} } },
  variables: ['KATA_TARGET', 'katacontainers_repo'],
  hasIdentifier: (name) => ['BootedGuest', 'newId'].includes(name),
};

test.for([
  '`helpers/poll.ts` and helpers/',
  'see `README.md`, `biome.json`, `poll.ts` and upstream’s `src/agent/rpc.rs`, `rootfs.sh`, https://example.org/docs/x',
  'a `BootedGuest`, `newId()`, `newId`, `guest`, `CI`',
  '`reports/out/index.html` is written by `pnpm test`',
  'KATA_TARGET=local katacontainers_repo=~/kata pnpm test && pnpm -s protos:check; pnpm run test; pnpm install',
  '`pnpm ccv0 build`, `pnpm ccv0 --help` and `pnpm ccv0 <command>`; kata-containers, _KATA_',
  '`pnpm kata endpoint add GetFoo --from`, `pnpm kata bench rpc`, `pnpm test -t name`',
])('accepts a text whose paths, commands and settings exist: %s', (text) => {
  expect(unknownMentions(text, KNOWN)).toEqual([]);
});

test.for([
  ['`helpers/pol.ts`', 'helpers/pol.ts: no such file or directory'],
  ['a picture in docs/report.png.', 'docs/report.png: no such file or directory'],
  ['`gone.ts`', '**/gone.ts: no such file or directory'],
  ['`CHANGELOG.md`', 'CHANGELOG.md: no such file or directory'],
  ['`pnpm tests`', 'pnpm tests: no such script'],
  ['`pnpm run bench`', 'pnpm bench: no such script'],
  ['`pnpm ccv0 buidl`', 'pnpm ccv0 buidl: no such command'],
  ['`pnpm kata endpoint ad GetFoo`', 'pnpm kata endpoint ad: no such command'],
  ['a `StartedGuest`', 'StartedGuest: no such identifier'],
  ['`newIdentifier`', 'newIdentifier: no such identifier'],
  ['`KATA_TARGETS=vm`', 'KATA_TARGETS: no such setting'],
  ['`katacontainers_rep`', 'katacontainers_rep: no such setting'],
] as const)('unknownMentions reports what a document with %s mentions and does not exist', ([text, problem]) => {
  expect(unknownMentions(text, KNOWN)).toEqual([problem]);
});
