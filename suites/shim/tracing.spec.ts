import { describe, expect, test } from '../../fixtures/test.ts';

/** Spans about the start of a VM: `startVM` of the Go runtime, `setup_after_start_vm` of runtime-rs. */
const START = /start_?VM/i;

describe('sandbox whose shim traces its work', { tags: ['kata-shim'] }, () => {
  test('a shim with enable_tracing sends spans of its VM’s start to the Jaeger collector, and without it no span', async ({
    launch,
    startTraceCollector,
    within,
  }) => {
    const [traced, silent] = [await startTraceCollector(), await startTraceCollector()];
    await launch({ startedBy: 'ctr', tracing: { enabled: false, endpoint: silent.endpoint } });
    await launch({ startedBy: 'ctr', tracing: { enabled: true, endpoint: traced.endpoint } });
    // runtime-rs sends its spans in batches. The shim without tracing, which started before, would have sent its own as well.
    await expect.poll(() => traced.text(), { timeout: within('process').timeoutMs }).toMatch(START);
    expect(silent.text()).toBe('');
  });

  test('a sandbox starts although no Jaeger collector listens at the endpoint to which its shim sends spans', async ({
    launch,
    startTraceCollector,
  }) => {
    const collector = await startTraceCollector();
    await collector[Symbol.asyncDispose]();
    const guest = await launch({ startedBy: 'ctr', tracing: { enabled: true, endpoint: collector.endpoint } });
    expect((await guest.run(['echo', 'runs'])).stdout).toBe('runs\n');
  });
});
