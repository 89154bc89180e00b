import { expect, test } from 'vitest';
import { parseToml } from '../text/toml-read.ts';
import { containerdConfig } from './server.ts';

test('containerdConfig returns TOML with the socket, the pause image and the runtime type of each handler', () => {
  const cri = { sandboxImage: 'pause:latest', handlers: { kata: 'io.containerd.kata.v2' } };
  expect(parseToml(containerdConfig('/run/x.sock', cri))).toMatchObject({
    version: 2,
    grpc: { address: '/run/x.sock' },
    plugins: {
      'io.containerd.grpc.v1.cri': {
        sandbox_image: 'pause:latest',
        containerd: { runtimes: { kata: { runtime_type: 'io.containerd.kata.v2' } } },
      },
    },
  });
});
