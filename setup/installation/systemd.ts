/** Directory that exists if systemd is this machine's init. Source: sd_booted(3). */
export const SYSTEMD = '/run/systemd/system';

/** Directory of units of this machine's administrator. Source: systemd.unit(5). */
export const SYSTEM_UNITS = '/etc/systemd/system';

/** Makes systemd read its units and their drop-ins again. */
export const RELOAD = ['systemctl', 'daemon-reload'] as const;
