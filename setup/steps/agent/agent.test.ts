import { describe, expect, test } from 'vitest';
import { containerSpec } from '../../../fixtures/container/spec.ts';
import { declaredService, type ServiceRoots } from '../../../fixtures/stand-in-agent/services/services.ts';
import { loadAgentProtos } from '../../../protos/load.ts';
import { serviceRoots } from './agent.ts';

const NOTHING = Buffer.alloc(0);

describe('protos of the stand-in agent', async () => {
  const roots: ServiceRoots = await serviceRoots();
  const { services } = loadAgentProtos({ generation: 'skopeo' });

  test("the stand-in's protos declare every service of the client's protos", () => {
    expect(Object.keys(roots).sort()).toEqual([...services.keys()].sort());
  });

  test.for([...services.keys()])('the stand-in encodes and decodes messages of %s as proto-loader does', (name) => {
    const definition = services.get(name) ?? {};
    const { methods } = declaredService(roots, name);
    expect(Object.keys(methods)).toEqual(Object.keys(definition));
    for (const [method, { requestDeserialize, responseSerialize }] of Object.entries(definition)) {
      expect(methods[method]?.requestDeserialize(NOTHING), method).toEqual(requestDeserialize(NOTHING));
      expect(methods[method]?.responseSerialize({}), method).toEqual(responseSerialize({}));
    }
  });

  test('the stand-in decodes a CreateContainer request with a complete OCI spec', () => {
    const { CreateContainer } = services.get('grpc.AgentService') ?? {};
    const request = { containerId: 'c1', OCI: containerSpec('c1'), sandboxPidns: true };
    const bytes = CreateContainer?.requestSerialize(request) ?? NOTHING;
    const { methods } = declaredService(roots, 'grpc.AgentService');
    const read = methods['CreateContainer']?.requestDeserialize(bytes);
    expect(read).toEqual(CreateContainer?.requestDeserialize(bytes));
    expect(read).toMatchObject({ containerId: 'c1', OCI: { Process: { Cwd: '/' } } });
  });

  test("the stand-in's request name is the message name without its package", () => {
    expect(declaredService(roots, 'grpc.Health').methods['Check']?.requestName).toBe('CheckRequest');
  });

  test('the stand-in rejects a service that its protos do not declare', () => {
    expect(() => declaredService(roots, 'grpc.Unknown')).toThrow('no service grpc.Unknown is declared');
  });
});
