const BIN = '/usr/local/bin';

/** Programs that the makefile of Kata's Go runtime installs beside its shim. runtime-rs has kata-ctl in their place. */
export const GO_PROGRAMS = { runtime: `${BIN}/kata-runtime`, monitor: `${BIN}/kata-monitor` } as const;
