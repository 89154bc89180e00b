/** Names that a document may mention because they exist: paths, scripts, commands, settings. */
export interface ExistingNames {
  /** Whether a path, which may contain `*`, exists below the project's directory. */
  readonly pathExists: (path: string) => boolean;
  /** Names of the scripts in package.json. */
  readonly scripts: readonly string[];
  /** Commands that documents may mention: with `build` below `ccv0`, `pnpm ccv0 build` is known. */
  readonly commands: CommandTree;
  /** Names of the environment variables that are settings. */
  readonly variables: readonly string[];
  /** Whether this project's code has an identifier: a type, a function, a fixture, a field. */
  readonly hasIdentifier: (name: string) => boolean;
}

/** Commands by name, each with its subcommands; a command without any accepts all words. */
export interface CommandTree {
  readonly [name: string]: CommandTree;
}

/** Commands of pnpm itself. */
const PNPM = ['add', 'exec', 'install'];

/** Directories and files that commands write, and the file of an example; a fresh clone has none of them. */
const WRITTEN = /^(?:reports\/(?:out|history)(?:\/|$)|suites\/agent\/get-foo\.spec\.ts$)/;

const ROOMS = String.raw`(?:helpers|fixtures|setup|suites|protos|reports|docs|\.ci|\.github|\.lint)`;
const PATH = new RegExp(String.raw`(?<![\w/.~-])${ROOMS}/[\w./*@-]*`, 'g');
const TOP_LEVEL_FILE = /^(?:[A-Z]+\.md|(?:\w+\.)*config\.ts|(?:biome|knip|package|tsconfig)\.json)$/;
const MODULE = /^[\w-]+\.tsx?$/;
const RUN = /\bpnpm (?:-\w+ )*(?:run )?([\w:-]+)((?: \w[\w-]*(?![\w./=]))*)/g;
const VARIABLE = /(?<![\w-])(?:KATA_[A-Z_]*[A-Z]|(?:katacontainers|tests)_[a-z]+)(?![\w-])/g;

/** Pattern of identifiers of more than one word; an identifier of a single word cannot be told from plain text. */
const IDENTIFIER = /^(?:[a-z]+|[A-Z][a-z]+)[A-Z]\w*$/;

/** The paths, `pnpm` commands, settings and identifiers in a Markdown text that do not exist, each once. */
export function unknownMentions(text: string, known: ExistingNames): string[] {
  const checks = [unknownPaths, unknownCommands, unknownVariables, unknownIdentifiers];
  return [...new Set(checks.flatMap((check) => check(text, known)))];
}

function spansOf(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

function unknownIdentifiers(text: string, { hasIdentifier }: ExistingNames): string[] {
  return spansOf(text)
    .filter((span) => IDENTIFIER.test(span) && !hasIdentifier(span))
    .map((name) => `${name}: no such identifier`);
}

function unknownPaths(text: string, { pathExists }: ExistingNames): string[] {
  const inText = [...text.matchAll(PATH)].map(([path]) => path.replace(/[./]+$/, ''));
  const spans = spansOf(text);
  // A document may name a module without its folder beside another module of that folder.
  const modules = spans.filter((span) => MODULE.test(span) && !TOP_LEVEL_FILE.test(span)).map((name) => `**/${name}`);
  return [...inText, ...spans.filter((span) => TOP_LEVEL_FILE.test(span)), ...modules]
    .filter((path) => !WRITTEN.test(path) && !pathExists(path))
    .map((path) => `${path}: no such file or directory`);
}

function unknownCommands(text: string, { commands, scripts }: ExistingNames): string[] {
  return [...text.matchAll(RUN)].flatMap(([, script = '', words = '']) => {
    if (PNPM.includes(script)) return [];
    if (!scripts.includes(script)) return [`pnpm ${script}: no such script`];
    const unknown = unknownIn([script, ...words.split(' ').filter(Boolean)], commands);
    return unknown === undefined ? [] : [`pnpm ${unknown.join(' ')}: no such command`];
  });
}

/** The words of a command line up to and including the first that is not a known command. */
function unknownIn([script = '', ...words]: readonly string[], commands: CommandTree): string[] | undefined {
  let known = commands[script] ?? {};
  for (const [index, word] of words.entries()) {
    if (Object.keys(known).length === 0) return undefined;
    const next = known[word];
    if (next === undefined) return [script, ...words.slice(0, index + 1)];
    known = next;
  }
  return undefined;
}

function unknownVariables(text: string, { variables }: ExistingNames): string[] {
  return [...text.matchAll(VARIABLE)]
    .filter(([name]) => !variables.includes(name))
    .map(([name]) => `${name}: no such setting`);
}
