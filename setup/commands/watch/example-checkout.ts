import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERSION } from '../../../fixtures/stand-in-agent/boot/log.ts';
import { projectPath } from '../../project.ts';
import { writeStandIn } from '../../steps/agent/agent.ts';
import { repository } from '../../steps/source/upstream-builds.example.ts';

/** The source of the example's agent, in the place where Kata has the agent's methods. */
export const RPC = 'src/agent/src/rpc.rs';

/**
 * A crate whose program has the command line of a kata-agent, and starts the stand-in agent in a guest. `statsContainer` in its rpc.rs says what
 * is replaced in the stand-in's code, so that a changed line of Rust changes an answer.
 */
const MAIN = `mod rpc;

use std::os::unix::process::CommandExt;
use std::process::Command;

fn main() {
    if std::env::args().any(|word| word == "--version") {
        println!("kata-agent version ${VERSION} (example)");
        return;
    }
    let (find, replace) = rpc::change();
    let code = include_str!("../stand-in-agent.mjs");
    assert!(code.contains(find));
    std::fs::write("/tmp/stand-in-agent.mjs", code.replace(find, replace)).unwrap();
    std::fs::write("/tmp/protos.json", include_str!("../protos.json")).unwrap();
    let error = Command::new("NODE")
        .args(["--import", include_str!("../abstract-socket.txt"), "/tmp/stand-in-agent.mjs"])
        .exec();
    panic!("{error}");
}
`;

const RPC_SOURCE = `pub struct AgentService {}

trait Methods {
    fn stats_container(&self) -> (&'static str, &'static str);
}

mod agent_ttrpc {
    pub trait AgentService {
        fn stats_container(&self) -> (&'static str, &'static str);
        fn pause_container(&self) {}
    }
}

impl agent_ttrpc::AgentService for AgentService {
    fn stats_container(&self) -> (&'static str, &'static str) {
        ("pids.current ?? 0", "pids.current ?? 0")
    }

    fn pause_container(&self) {
        println!("paused");
    }
}

pub fn change() -> (&'static str, &'static str) {
    use agent_ttrpc::AgentService as _;
    let agent = AgentService {};
    agent.pause_container();
    agent.stats_container()
}
`;

/** Module that makes Node.js listen on an abstract socket, as a kata-agent of generation skopeo does: its name ends with a zero byte. */
const ABSTRACT = `data:text/javascript,${encodeURIComponent(
  "import { Server } from 'node:net'; const { listen } = Server.prototype;" +
    'Server.prototype.listen = function (path) { return listen.call(this, String.fromCharCode(0) + path + String.fromCharCode(0)); };',
)}`;

const MAKEFILE = `TRIPLE = x86_64-unknown-linux-gnu
EXTRA_RUSTFEATURES =
src/version.rs:
	@true
`;

/** Writes a git checkout whose agent cargo builds in a second, and whose specs pass on target \`local\`. */
export async function exampleCheckout(directory: string): Promise<string> {
  const agent = join(directory, 'src/agent');
  await repository(directory, '1.0.0', {
    'src/agent/Cargo.toml': '[package]\nname = "kata-agent"\nversion = "0.1.0"\nedition = "2021"\n\n[workspace]\n',
    'src/agent/Cargo.lock': 'version = 3\n\n[[package]]\nname = "kata-agent"\nversion = "0.1.0"\n',
    'src/agent/Makefile': MAKEFILE,
    'src/agent/src/main.rs': MAIN.replace('NODE', process.execPath),
    [RPC]: RPC_SOURCE,
    'src/agent/abstract-socket.txt': ABSTRACT,
    'versions.yaml': 'assets: {}\n',
  });
  await writeStandIn(agent);
  await cp(projectPath('protos/skopeo'), join(directory, 'src/libs/protocols/protos'), { recursive: true });
  return directory;
}

/** Replaces a text in a file of the checkout that has it once, as an editor saves it. */
export async function edit(file: string, find: string, replace: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  if (before.split(find).length !== 2) throw new Error(`${file} does not have ${find} once`);
  await writeFile(file, before.replace(find, replace));
}
