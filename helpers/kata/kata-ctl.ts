/** Path of kata-ctl, the command line program of runtime-rs, on a machine where this project has installed it. */
export const KATA_CTL_FILE = '/usr/local/bin/kata-ctl';
