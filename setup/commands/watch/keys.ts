/** What the user can request. */
export type Action = 'all' | 'again' | 'failed' | 'others' | 'build' | 'name' | 'file' | 'cancel' | 'help' | 'quit';

/** A request with its keys, by their names in node:readline, and what it does. Those that Vitest's watch mode has do the same here. */
interface Key {
  readonly keys: readonly string[];
  readonly action: Action;
  readonly what: string;
}

const KEYS: readonly Key[] = [
  { keys: ['a', 'return'], action: 'all', what: 'run all spec files' },
  { keys: ['r'], action: 'again', what: 'run the chosen spec files again' },
  { keys: ['f'], action: 'failed', what: 'run the spec files that failed last' },
  { keys: ['o'], action: 'others', what: 'run the other chosen spec files, which have not run with this agent' },
  { keys: ['b'], action: 'build', what: 'build the agent, if its files have changed' },
  { keys: ['p'], action: 'file', what: 'choose spec files by a part of their path' },
  { keys: ['t'], action: 'name', what: 'choose tests by a regular expression for their names' },
  { keys: ['c', 'space'], action: 'cancel', what: 'cancel what is going on' },
  { keys: ['q'], action: 'quit', what: 'quit, as Ctrl-C does' },
  { keys: ['h'], action: 'help', what: 'show this help' },
];

const SHOWN: Readonly<Record<string, string>> = { return: 'Enter', space: 'Space' };

/** What a key requests; `undefined` for other keys. `name` is the key's name in node:readline. */
export function actionOf(name: string | undefined): Action | undefined {
  return KEYS.find(({ keys }) => name !== undefined && keys.includes(name))?.action;
}

/** The list of keys. */
export function keysHelp(): string {
  const lines = KEYS.map(({ keys, what }) => [keys.map((key) => SHOWN[key] ?? key).join(', '), what] as const);
  const width = Math.max(...lines.map(([keys]) => keys.length));
  return lines.map(([keys, what]) => `  ${keys.padEnd(width)}  ${what}`).join('\n');
}
