import { describe, expect, test } from 'vitest';
import { loadAgentProtos } from '../../../protos/load.ts';
import { rustFunctions } from './rust-functions.ts';
import { servedMethods, simpleName } from './served-methods.ts';
import { METHODS_IN_TABLE, methodsOfPath } from './source-files.ts';

const DECLARED = [
  ...['CreateContainer', 'PauseContainer', 'GetIPTables'].map((name) => `grpc.AgentService/${name}`),
  'grpc.Health/Check',
];

const RPC = `use anyhow::Result;

const LIMIT: u32 = 4;

fn setup(id: &str) -> Result<()> {
    // of a container
    Ok(())
}

pub fn shared(id: &str) -> Result<()> {
    setup(id)
}

impl AgentService {
    #[instrument]
    async fn do_create_container(
        &self,
        req: Request,
    ) -> Result<()> {
        setup(&req.id)
    }
}

#[async_trait]
impl agent_ttrpc::AgentService for AgentService {
    async fn create_container(
        &self,
        req: Request,
    ) -> ttrpc::Result<Empty> {
        self.do_create_container(req).await
    }

    async fn pause_container(&self) -> ttrpc::Result<Empty> {
        shared("1")
    }

    async fn get_ip_tables(&self) -> ttrpc::Result<Empty> {
        info!("unlike pause_container");
    }
}

#[async_trait]
impl health_ttrpc::Health for HealthService {
    async fn check(&self) -> ttrpc::Result<Empty> {
        Ok(Empty::new())
    }
}

fn orphan() {
    println!("called by macros alone");
}

#[cfg(test)]
mod tests {
    const ID: &str = "1";

    fn test_setup() {
        setup(ID);
    }
}
`;

/** Numbers of the lines with a text. */
function linesWith(text: string): readonly number[] {
  return RPC.split('\n').flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
}

const servedBy = (lines: readonly number[]) =>
  servedMethods({ path: 'src/agent/src/rpc.rs', sides: [{ text: RPC, lines }] }, DECLARED)?.map(simpleName);

describe('methods of changed lines', () => {
  test.for([
    ['the function of a method', linesWith('.do_create_container('), ['CreateContainer']],
    ['a method in another spelling', linesWith('get_ip_tables'), ['GetIPTables']],
    ['a method of another service', linesWith('fn check'), ['Check']],
    ['a function that a method calls', linesWith('setup(&req.id)'), ['CreateContainer']],
    ['the attributes of a function', linesWith('#[instrument]'), ['CreateContainer']],
    ['a function that methods call indirectly', linesWith('fn setup('), ['PauseContainer', 'CreateContainer']],
    ['a method that another one mentions', linesWith('shared("1")'), ['PauseContainer']],
    ['two functions', [...linesWith('fn pause_container'), ...linesWith('fn check')], ['PauseContainer', 'Check']],
    ['a comment', linesWith('// of a container'), []],
    ['tests', [...linesWith('setup(ID)'), ...linesWith('const ID')], []],
  ] as const)('a change of %s concerns its methods', ([_, lines, expected]) => {
    expect(lines.length).toBeGreaterThan(0);
    expect(servedBy(lines)?.toSorted()).toEqual(expected.toSorted());
  });

  test.for([
    ['a constant', linesWith('const LIMIT')],
    ['a public function, which other files call', linesWith('pub fn shared')],
    ['a function that no method calls', linesWith('called by macros')],
    ['a function and a constant', [...linesWith('fn check'), ...linesWith('const LIMIT')]],
  ] as const)('a change of %s can concern every method', ([_, lines]) => {
    expect(lines.length).toBeGreaterThan(0);
    expect(servedBy(lines)).toBeUndefined();
  });

  test('a removed function concerns the methods that called it before the change', () => {
    const before = { text: RPC, lines: linesWith('fn setup(') };
    const after = {
      text: 'impl agent_ttrpc::AgentService for A {\n    fn pause_container() {\n        x();\n    }\n}\n',
      lines: [3],
    };
    const served = servedMethods({ path: 'src/agent/src/rpc.rs', sides: [before, after] }, DECLARED);
    expect(served?.map(simpleName)).toEqual(['CreateContainer', 'PauseContainer']);
  });

  test('rustFunctions finds each function with its last line', () => {
    const found = rustFunctions(RPC).map(({ from, name, to }) => [name, from, to]);
    expect(found).toContainEqual(['do_create_container', 15, 21]);
    expect(found).toContainEqual(['pause_container', 33, 35]);
    expect(found.map(([name]) => name)).toEqual([
      ...['setup', 'shared', 'do_create_container', 'create_container', 'pause_container', 'get_ip_tables', 'check'],
      ...['orphan', 'test_setup'],
    ]);
  });
});

describe('methods of files', () => {
  test.for([
    ['src/agent/src/random.rs', ['ReseedRandomDev']],
    ['src/agent/src/storage/mod.rs', expect.arrayContaining(['CreateContainer', 'CreateSandbox'])],
    ['src/agent/src/device.rs', expect.arrayContaining(['CreateContainer'])],
    ['src/agent/src/device/mod.rs', expect.arrayContaining(['CreateContainer'])],
    ['src/agent/src/sandbox.rs', undefined],
    ['src/agent/Cargo.toml', undefined],
    ['src/libs/kata-types/src/lib.rs', undefined],
  ])('the methods of %s are %j', ([path, expected]) => {
    expect(methodsOfPath(String(path))).toEqual(expected);
  });

  test('a changed file without services concerns the declared methods in the table', () => {
    const change = { path: 'src/agent/src/namespace.rs', sides: [{ text: 'fn f() {}\n', lines: [1] }] };
    expect(servedMethods(change, DECLARED)).toEqual(['grpc.AgentService/CreateContainer']);
    expect(servedMethods({ ...change, path: 'src/agent/src/main.rs' }, DECLARED)).toBeUndefined();
  });

  test('every method in the table is declared in the protos of an agent', () => {
    const services = (['skopeo', 'guest-pull'] as const).flatMap((generation) => [
      ...loadAgentProtos({ generation }).services,
    ]);
    const declared = new Set(services.flatMap(([, methods]) => Object.keys(methods)));
    expect(METHODS_IN_TABLE.filter((name) => !declared.has(name))).toEqual([]);
  });
});
