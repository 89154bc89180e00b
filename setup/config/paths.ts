/** Parent of the run directories: short, because they contain unix sockets (108 bytes). */
export const RUN_ROOT = '/run/kata-cc';
