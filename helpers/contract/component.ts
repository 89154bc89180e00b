/** A program beside the agent that takes part in a run, and where it comes from, for reports. */
export interface Component {
  /** File name of the program: `attestation-agent`. */
  readonly name: string;
  /** What a program of the user's prints for `--version`, without its name; absent if it prints none. */
  readonly version?: string;
  /** Repository and revision from which this project built the program. */
  readonly source?: string;
  /** Cargo features with which this project built it. */
  readonly features?: readonly string[];
  /** Toolchain with which this project built it: `Rust 1.95.0`. */
  readonly toolchain?: string;
  /** Descriptions of how its build differs from upstream's. */
  readonly changes?: readonly string[];
}

/** A program on this machine that a step of set-up provides. */
export interface ComponentProgram extends Component {
  /** Absolute path. */
  readonly path: string;
}
