import { test as base, describe, expect, type Guest } from '../../../fixtures/test.ts';

const test = base
  .extend('guestOptions', { scope: 'file' }, { machine: { hotPlug: true } } as const)
  .extend('nic', async ({ guest, within }) => plugNic(guest, within('hot-plug').timeoutMs));

/** A network interface that was plugged into the guest and that the agent has not configured yet. */
interface Nic {
  readonly mac: string;
  /** A name for the interface that no other interface of the guest has. */
  readonly name: string;
  /** An address in a subnet of its own: `10.99.N.2`; its gateway is `10.99.N.1`. */
  readonly address: string;
  readonly gateway: string;
}

describe('network of a sandbox', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('UpdateInterface gives the interface with the MAC address of the request its name, addresses and MTU and brings it up', async ({
    guest,
    nic,
  }) => {
    await configure(guest, nic, { mtu: 1400 });
    const [link] = await ip<Link>(guest, ['address', 'show', 'dev', nic.name]);
    expect(link).toMatchObject({ address: nic.mac, mtu: 1400, flags: expect.arrayContaining(['UP']) });
    expect(link?.addr_info).toContainEqual(expect.objectContaining({ local: nic.address, prefixlen: 24 }));
  });

  test('UpdateInterface returns the interface of the request, and ListInterfaces returns it as the guest has it', async ({
    guest,
    nic,
  }) => {
    const answer = await configure(guest, nic, { mtu: 1300 });
    expect(answer).toMatchObject({ name: nic.name, hwAddr: nic.mac, mtu: '1300' });
    const { Interfaces: interfaces } = await guest.agent.listInterfaces({});
    const listed = interfaces.find(({ name }) => name === nic.name);
    expect(listed).toMatchObject({ hwAddr: nic.mac, mtu: '1300' });
    expect(listed?.IPAddresses).toContainEqual(expect.objectContaining({ address: nic.address, mask: '24' }));
  });

  test('UpdateInterface of a MAC address that no interface has fails and changes no interface', async ({
    guest,
    expectedErrors,
  }) => {
    // IPv6 addresses and the state are left out: the kernel still changes them by itself.
    const configured = async (): Promise<Partial<Link>[]> =>
      (await ip<Link>(guest, ['-family', 'inet', 'address'])).map(({ addr_info, address, mtu }) => ({
        addr_info,
        address,
        mtu,
      }));
    const before = await configured();
    const request = guest.agent.updateInterface({
      interface: { name: 'eth9', hwAddr: '02:00:00:00:00:99', mtu: 1400, IPAddresses: [] },
    });
    await expect(request).rejects.toMatchObject(expectedErrors.noInterface);
    expect(await configured()).toEqual(before);
  });

  test('UpdateRoutes adds a route through a gateway, which the guest uses and ListRoutes returns', async ({
    guest,
    nic,
  }) => {
    await configure(guest, nic);
    const subnet = `${nic.gateway.slice(0, -1)}0/24`;
    await guest.agent.updateRoutes({
      routes: {
        Routes: [
          { dest: subnet, device: nic.name, scope: LINK_SCOPE },
          { dest: '203.0.113.0/24', gateway: nic.gateway, device: nic.name },
        ],
      },
    });
    const [used] = await ip<Route>(guest, ['route', 'get', '203.0.113.7']);
    expect(used).toMatchObject({ gateway: nic.gateway, dev: nic.name });
    const { Routes: routes } = await guest.agent.listRoutes({});
    expect(routes).toContainEqual(expect.objectContaining({ gateway: nic.gateway, device: nic.name }));
    expect(routes).toContainEqual(expect.objectContaining({ dest: subnet, device: nic.name, scope: LINK_SCOPE }));
  });

  test('AddARPNeighbors adds a permanent neighbour with its MAC address', async ({ guest, nic }) => {
    await configure(guest, nic);
    const lladdr = '02:00:00:00:00:01';
    await guest.agent.addARPNeighbors({
      neighbors: {
        ARPNeighbors: [{ toIPAddress: { address: nic.gateway }, device: nic.name, lladdr, state: PERMANENT }],
      },
    });
    expect(await ip<Neighbour>(guest, ['neigh', 'show', 'dev', nic.name])).toContainEqual(
      expect.objectContaining({ dst: nic.gateway, lladdr, state: ['PERMANENT'] }),
    );
  });
});

/** RT_SCOPE_LINK of linux/rtnetlink.h. */
const LINK_SCOPE = 253;
/** NUD_PERMANENT of linux/neighbour.h. */
const PERMANENT = 0x80;

interface Link {
  readonly address: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

interface Route {
  readonly gateway: string;
  readonly dev: string;
}

interface Neighbour {
  readonly dst: string;
  readonly lladdr: string;
  readonly state: readonly string[];
}

let plugged = 0;

/** Plugs a network interface into the guest and waits until its kernel has it. */
async function plugNic(guest: Guest, timeout: number): Promise<Nic> {
  plugged += 1;
  const [mac, subnet] = [`02:00:00:00:01:${String(plugged).padStart(2, '0')}`, `10.99.${plugged}`];
  await guest.plug({ kind: 'nic', mac });
  const macs = async (): Promise<string[]> => (await ip<Link>(guest, ['address'])).map(({ address }) => address);
  await expect.poll(macs, { timeout }).toContain(mac);
  return { mac, name: `net${plugged}`, address: `${subnet}.2`, gateway: `${subnet}.1` };
}

/** Configures a plugged interface as Kata's runtime does. */
function configure(guest: Guest, { address, mac, name }: Nic, { mtu = 1500 } = {}): Promise<unknown> {
  return guest.agent.updateInterface({
    interface: { name, hwAddr: mac, mtu, IPAddresses: [{ address, mask: '24' }] },
  });
}

/** Output of an `ip` command in the guest. */
async function ip<Row>(guest: Guest, command: readonly string[]): Promise<Row[]> {
  return JSON.parse((await guest.run(['ip', '-json', ...command])).stdout || '[]') as Row[];
}
