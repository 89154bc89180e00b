import {
  COMPONENTS,
  type ComponentLevel,
  componentsOf,
  describe,
  expect,
  type RestApi,
  test,
} from '../../fixtures/test.ts';

const tags = ['guest-components', 'main-rpc', 'guest-console', 'debug-console', 'virtual-machine'] as const;

/** Paths of endpoints of attestation-agent and of the CDH. Without a KBS, the CDH cannot get the resource: 500. */
const EVIDENCE = '/aa/evidence?runtime_data=text';
const RESOURCE = '/cdh/resource/default/test/key';

describe('guest components that an agent starts', { tags: [...tags] }, () => {
  test.for<[level: ComponentLevel, components: readonly string[]]>([
    ['none', []],
    ['attestation-agent', COMPONENTS.slice(0, 1)],
    ['confidential-data-hub', COMPONENTS.slice(0, 2)],
  ])(
    'with agent.guest_components_procs=%s, the agent starts exactly %j, and nothing answers on the port of api-server-rest',
    async ([level, components], { askApi, launchAttested }) => {
      const guest = await launchAttested({ level });
      expect(await componentsOf(guest)).toEqual(components);
      expect(await askApi(guest, EVIDENCE)).toMatchObject({ status: 0 });
    },
  );

  test.for<[RestApi, evidence: object, resource: object]>([
    ['all', { status: 200 }, { status: 500 }],
    ['attestation', { status: 200 }, { status: 404, text: 'Resource Feature Not Enabled' }],
    ['resource', { status: 404, text: 'Attestation Feature Not Enabled' }, { status: 500 }],
  ])(
    'with agent.guest_components_procs=api-server-rest and agent.guest_components_rest_api=%s, the agent starts all components, and api-server-rest has the endpoints of that level alone',
    async ([restApi, evidence, resource], { askApi, launchAttested }) => {
      const guest = await launchAttested({ restApi });
      expect(await componentsOf(guest)).toEqual(COMPONENTS);
      expect(await askApi(guest, EVIDENCE)).toMatchObject(evidence);
      expect(await askApi(guest, RESOURCE)).toMatchObject(resource);
      expect(JSON.parse((await askApi(guest, '/info')).text)).toMatchObject({ feature: restApi });
    },
  );

  test.for([
    ['agent.guest_components_procs=everything', /invalid guest components process param given/],
    ['agent.guest_components_rest_api=everything', /invalid guest components rest api feature given/],
  ] as const)('the agent does not start with %s', async ([parameter, reason], { launchAttested }) => {
    await expect(launchAttested({ kernelParameters: [parameter] })).rejects.toMatchObject({
      console: expect.stringMatching(reason),
    });
  });
});
