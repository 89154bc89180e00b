/**
 * Runs first in every worker. A terminal signals the whole process group: a worker that died of it would leave its
 * fixtures' clean-up undone. The main process hears the signal too, and cancels the run.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
