/** Directory that exists if systemd is this machine's init. Source: sd_booted(3). */
export const SYSTEMD = '/run/systemd/system';
