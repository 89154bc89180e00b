import { expect, test } from 'vitest';
import { combinations, commandsIn, runSteps } from './workflow-jobs.ts';

test.for([
  [{}, [{}]],
  [
    { a: [1, 2], b: [3] },
    [
      { a: 1, b: 3 },
      { a: 2, b: 3 },
    ],
  ],
  [{ a: [1, 2], include: [{ a: 2, c: 4 }] }, [{ a: 1 }, { a: 2, c: 4 }]],
  [{ a: [1], include: [{ a: 5, c: 4 }] }, [{ a: 1 }, { a: 5, c: 4 }]],
  [{ include: [{ a: 1 }, { a: 2 }] }, [{ a: 1 }, { a: 2 }]],
] as const)('the combinations of the matrix %j of a GitHub workflow are %j', ([matrix, expected]) => {
  expect(combinations(matrix)).toEqual(expected);
});

const WORKFLOW = `
env: { A: 1 }
jobs:
  one:
    strategy: { matrix: { shard: [1/2, 2/2] } }
    env: { B: "\${{ matrix.shard }}", C: "\${{ matrix.none }}" }
    steps:
      - uses: actions/checkout
      - run: pnpm kata shards run \${{ matrix.shard }}
        env: { A: 2 }
`;

test('runSteps lists the steps that run commands for each combination, with the environment of workflow, job and step', () => {
  expect(runSteps(WORKFLOW)).toEqual([
    { where: 'one 1/2', run: 'pnpm kata shards run 1/2', env: { A: '2', B: '1/2', C: '' } },
    { where: 'one 2/2', run: 'pnpm kata shards run 2/2', env: { A: '2', B: '2/2', C: '' } },
  ]);
});

test('runSteps rejects an expression in a command that only GitHub can evaluate', () => {
  expect(() => runSteps(WORKFLOW.replace('matrix.none', 'github.sha'))).toThrow(
    /github\.sha \}\}: only values of the matrix/,
  );
});

test.for([
  ['npm install --global pnpm@10.34.8 && pnpm install --frozen-lockfile', [['install', '--frozen-lockfile']]],
  ['sudo -E env "PATH=$PATH" pnpm kata shards run 1/4', [['kata', 'shards', 'run', '1/4']]],
  [
    'exec node setup/commands/kata.ts shards run "$((INDEX + 1))/$N"\npnpm test; x',
    [['kata', 'shards', 'run', '$((INDEX + 1))/$N'], ['test']],
  ],
] as const)('commandsIn finds the commands of pnpm and of this project in %j', ([script, expected]) => {
  expect(commandsIn(script)).toEqual(expected);
});
