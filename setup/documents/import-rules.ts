/** What the linter forbids the files of a folder to import. */
export interface ImportRule {
  /** `helpers/`. */
  readonly folder: string;
  /** Folders and files, as in a document's table: `setup/`, `fixtures/test.ts`; `everything but X`. */
  readonly forbidden: readonly string[];
}

/** The part of biome.json that is read here. */
export interface LinterConfig {
  readonly overrides: readonly {
    readonly includes: readonly string[];
    readonly linter: { readonly rules: { readonly style?: { readonly noRestrictedImports?: RestrictedImports } } };
  }[];
}

interface RestrictedImports {
  readonly options: { readonly patterns: readonly { readonly group: readonly string[] }[] };
}

/** The import rules of the linter's configuration. */
export function importRules({ overrides }: LinterConfig): ImportRule[] {
  return overrides.flatMap(({ includes, linter }) => {
    const patterns = linter.rules.style?.noRestrictedImports?.options.patterns ?? [];
    const forbidden = patterns.flatMap(({ group }) => forbiddenBy(group));
    return forbidden.length === 0 ? [] : includes.map((include) => ({ folder: folderOf(include), forbidden }));
  });
}

/** `**` with exceptions forbids everything else; other groups list what they forbid. */
function forbiddenBy(group: readonly string[]): string[] {
  const listed = group.filter((pattern) => pattern !== '**').map((pattern) => folderOf(pattern.replace(/^!/, '')));
  return group.includes('**') ? [`everything but ${listed.join(', ')}`] : listed;
}

/** `helpers/` of the patterns `helpers/**` and `**\/helpers/**`. */
function folderOf(pattern: string): string {
  return pattern.replace(/^\*\*\//, '').replace(/\*\*$/, '');
}

/** The import rules in a Markdown table whose second column is headed "must not import". */
export function documentedRules(text: string): ImportRule[] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^\| *folder *\| *must not import *\|/.test(line));
  const end = lines.findIndex((line, index) => index > head && !line.startsWith('|'));
  return head === -1 ? [] : lines.slice(head + 2, end).map(ruleOf);
}

function ruleOf(row: string): ImportRule {
  const [, folder = '', forbidden = ''] = row.split('|').map((cell) => cell.replaceAll('`', '').trim());
  return { folder, forbidden: forbidden.startsWith('everything') ? [forbidden] : forbidden.split(/, */) };
}
