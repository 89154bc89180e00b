import { expect, test } from 'vitest';
import { RUN_LABEL } from '../../helpers/process/run-label.ts';
import { settingNotices } from './config.ts';

test.for([
  ['KATA_TARGTE', 'KATA_TARGET'],
  ['kata_target', 'KATA_TARGET'],
  ['KATA_CACHEDIR', 'KATA_CACHE_DIR'],
  ['KATACONTAINERS_REPO', 'katacontainers_repo'],
  ['katacontainers_brnach', 'katacontainers_branch'],
  ['PULL_IMGAE', 'PULL_IMAGE'],
  ['SOURCE_CRED', 'SOURCE_CREDS'],
])('the unknown setting %s is reported, with the suggestion %s', ([name = '', meant]) => {
  expect(settingNotices({ [name]: 'x' })).toEqual([
    `${name} is not a setting of this project and has no effect; did you mean ${meant}?`,
  ]);
});

test('a variable of another of Kata’s tools is reported without a suggestion', () => {
  expect(settingNotices({ KATA_DEPLOY_WAIT_TIMEOUT_SECONDS: '600' })).toEqual([
    'KATA_DEPLOY_WAIT_TIMEOUT_SECONDS is not a setting of this project and has no effect',
  ]);
});

test('a password too short to be found everywhere is reported, and not shown', () => {
  const [line, ...more] = settingNotices({ SOURCE_CREDS: 'user:xyz' });
  expect(line).toMatch(
    /^SOURCE_CREDS: a password of fewer than 6 characters is redacted in reports only beside its user name/,
  );
  expect(line).not.toContain('xyz');
  expect(more).toEqual([]);
  expect(settingNotices({ SOURCE_CREDS: 'user:long-enough' })).toEqual([]);
});

test('settings, the run label, empty variables and unrelated variables are not reported as unknown', () => {
  const others = { KUBERNETES_PORT: 'tcp://10.0.0.1', KUBERNETES_SERVICE_HOST: '10.0.0.1', CONTAINER: 'docker' };
  const more = { DEBUG_COLORS: '1', CI_NAME: 'x', IMAGE: 'y', PATH: '/bin', KATA_TARGTE: '', [RUN_LABEL]: 'abc' };
  expect(settingNotices({ ...others, ...more, KATA_TARGET: 'vm', tests_repo: 'x' })).toEqual([]);
});
