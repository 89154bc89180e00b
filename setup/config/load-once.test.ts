import { expect, test, vi } from 'vitest';
import { loadConfig } from './config.ts';

test('two instances of the module, as Vitest makes them, load the configuration of the process once', async () => {
  const first = loadConfig();
  vi.resetModules();
  const second = await import('./config.ts');
  expect(second.loadConfig).not.toBe(loadConfig);
  expect(second.loadConfig()).toBe(first);
});

test('loadConfig with an environment does not return the configuration of the process', () => {
  const here = loadConfig();
  expect(loadConfig({ KATA_TARGET: 'vm' }).target).toBe('vm');
  expect(loadConfig()).toBe(here);
});

test('loadConfig throws the same error for invalid settings each time', async () => {
  vi.resetModules();
  vi.stubEnv('KATA_TARGET', 'nonsense');
  const remembered = Symbol.for('kata-cc-suite.config');
  const before: unknown = Reflect.get(globalThis, remembered);
  Reflect.deleteProperty(globalThis, remembered);
  try {
    const errors = [1, 2].map(() => {
      try {
        return loadConfig();
      } catch (error) {
        return error;
      }
    });
    expect(errors[0]).toMatchObject({ message: expect.stringContaining('KATA_TARGET=nonsense') });
    expect(errors[1]).toBe(errors[0]);
  } finally {
    vi.unstubAllEnvs();
    Reflect.set(globalThis, remembered, before);
  }
});
