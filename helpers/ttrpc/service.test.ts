import { expect, test } from 'vitest';
import { contractDefinition } from './contract-service.ts';
import { implement } from './service.ts';

test.for(['Echo', 'Constructor', 'ToString'])(
  'the ttrpc server answers a method %s without a handler with UNIMPLEMENTED',
  async (name) => {
    const { Echo } = contractDefinition;
    const { methods } = implement(
      'kata.cc.Odd',
      Echo === undefined ? {} : { [name]: { ...Echo, responseSerialize } },
      {},
    );
    const call = { service: 'kata.cc.Odd', method: name, payload: Buffer.alloc(0) };
    await expect(methods.get(name)?.(call as never)).rejects.toMatchObject({
      message: expect.stringContaining(`/kata.cc.Odd/${name} is not supported`),
    });
  },
);

function responseSerialize(): Uint8Array {
  return Buffer.alloc(0);
}
