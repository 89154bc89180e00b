import { describe, expect, test } from '../../fixtures/test.ts';

describe('job of pods of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('an indexed job runs a pod of the runtime class kata for each index to its end', async ({
    createJob,
    kubectl,
  }) => {
    const job = await createJob({
      command: ['sh', '-c', 'echo "index $JOB_COMPLETION_INDEX"'],
      job: { completions: 2, parallelism: 2, completionMode: 'Indexed' },
    });
    const { status } = await job.until('Complete');
    expect(status).toMatchObject({ succeeded: 2, completedIndexes: '0,1' });
    const { stdout } = await kubectl(['logs', `--selector=job-name=${job.name}`]);
    expect(stdout.split('\n').sort()).toEqual(['', 'index 0', 'index 1']);
  });

  test('a job whose pod of the runtime class kata fails ends with BackoffLimitExceeded', async ({ createJob }) => {
    const job = await createJob({ command: ['false'], job: { backoffLimit: 0 } });
    const { status } = await job.until('Failed');
    expect(status).toMatchObject({ failed: 1 });
    expect(status?.conditions).toContainEqual(expect.objectContaining({ reason: 'BackoffLimitExceeded' }));
  });
});
